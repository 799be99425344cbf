//! The fixture pictures: procedural, small, and the same bytes on every machine. `generate-pictures` writes them to
//! `fixtures/images/`; a test here holds the folder and this table against each other.

use std::{error::Error, path::PathBuf};

pub mod bench;
mod encode;
mod metadata;
mod scene;

use encode::Jpeg;
use scene::Scene;

type Made = Result<Vec<u8>, Box<dyn Error>>;

/// One fixture picture and how it is made.
#[derive(Debug, Clone, Copy)]
pub struct Picture {
    /// File name in `fixtures/images/`, named after what is particular about it.
    pub name: &'static str,
    /// Width and height in pixels, before any rotation by EXIF.
    pub size: (u32, u32),
    make: fn((u32, u32)) -> Made,
}

impl Picture {
    /// Makes the picture's file.
    ///
    /// # Errors
    /// Whatever its encoder reports; none does for the pictures of [`PICTURES`].
    pub fn bytes(&self) -> Made {
        (self.make)(self.size)
    }
}

/// Every fixture picture. To add one: a line here, then `cargo run -p touchmark-tests --bin generate-pictures`.
pub const PICTURES: &[Picture] = &[
    Picture {
        name: "baseline-exif.jpg",
        size: (384, 288),
        make: baseline_exif,
    },
    Picture {
        name: "progressive-icc.jpg",
        size: (320, 240),
        make: progressive_icc,
    },
    Picture {
        name: "restart-rotated.jpg",
        size: (160, 120),
        make: restart_rotated,
    },
    Picture {
        name: "grey.jpg",
        size: (160, 120),
        make: grey_jpeg,
    },
    Picture {
        name: "cmyk.jpg",
        size: (160, 120),
        make: cmyk_jpeg,
    },
    Picture {
        name: "flat.jpg",
        size: (160, 120),
        make: flat_jpeg,
    },
    Picture {
        name: "trailing.jpg",
        size: (160, 120),
        make: trailing_jpeg,
    },
    Picture {
        name: "rgb.png",
        size: (224, 168),
        make: rgb_png,
    },
    Picture {
        name: "transparent.png",
        size: (160, 120),
        make: transparent_png,
    },
    Picture {
        name: "interlaced.png",
        size: (160, 120),
        make: interlaced_png,
    },
    Picture {
        name: "sixteen-bit-icc.png",
        size: (96, 72),
        make: sixteen_bit_png,
    },
    Picture {
        name: "palette.png",
        size: (160, 120),
        make: palette_png,
    },
    Picture {
        name: "animated.png",
        size: (64, 48),
        make: animated_png,
    },
    Picture {
        name: "lossless.webp",
        size: (224, 168),
        make: lossless_webp,
    },
    Picture {
        name: "transparent.webp",
        size: (160, 120),
        make: transparent_webp,
    },
    Picture {
        name: "extended.webp",
        size: (160, 120),
        make: extended_webp,
    },
    Picture {
        name: "odd-unpadded.webp",
        size: (96, 72),
        make: unpadded_webp,
    },
    Picture {
        name: "flat.webp",
        size: (160, 120),
        make: flat_webp,
    },
];

/// The folder the pictures are committed in.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/images"))
}

fn baseline_exif(size: (u32, u32)) -> Made {
    Jpeg {
        exif: Some(metadata::exif(1)),
        ..Jpeg::default()
    }
    .rgb(&Scene::photo(1, size))
}

fn progressive_icc(size: (u32, u32)) -> Made {
    Jpeg {
        progressive: true,
        icc: Some(metadata::wide_profile()),
        ..Jpeg::default()
    }
    .rgb(&Scene::photo(2, size))
}

/// A restart marker after every row of blocks, and an Exif orientation of 6 (turn right to view).
fn restart_rotated(size: (u32, u32)) -> Made {
    Jpeg {
        restart: 20,
        exif: Some(metadata::exif(6)),
        ..Jpeg::default()
    }
    .rgb(&Scene::photo(3, size))
}

fn grey_jpeg(size: (u32, u32)) -> Made {
    Jpeg::default().grey(&Scene::photo(4, size))
}

/// Four components with an Adobe segment, as print workflows leave them.
fn cmyk_jpeg(size: (u32, u32)) -> Made {
    Jpeg::default().cmyk(&Scene::photo(5, size))
}

fn flat_jpeg(size: (u32, u32)) -> Made {
    Jpeg::default().rgb(&Scene::flat([0x6000, 0x8000, 0xA000], size))
}

/// Bytes after EOI, as phones and MPF files have them.
fn trailing_jpeg(size: (u32, u32)) -> Made {
    let mut bytes = Jpeg::default().rgb(&Scene::photo(6, size))?;
    bytes.extend_from_slice(b"SEFHe\0\0\0 these bytes follow the end of the picture, and hold FF D8 FF: \xFF\xD8\xFF");
    Ok(bytes)
}

fn rgb_png(size: (u32, u32)) -> Made {
    encode::png_rgb(&Scene::photo(7, size))
}

fn transparent_png(size: (u32, u32)) -> Made {
    encode::png_rgba(&Scene::photo(8, size))
}

fn interlaced_png(size: (u32, u32)) -> Made {
    encode::png_adam7(&Scene::photo(9, size))
}

fn sixteen_bit_png(size: (u32, u32)) -> Made {
    encode::png_sixteen_bit(&Scene::photo(10, size), &metadata::wide_profile())
}

fn palette_png(size: (u32, u32)) -> Made {
    encode::png_palette(&Scene::photo(11, size))
}

fn animated_png(size: (u32, u32)) -> Made {
    encode::apng(&[Scene::photo(12, size), Scene::photo(13, size), Scene::photo(14, size)])
}

fn lossless_webp(size: (u32, u32)) -> Made {
    encode::webp(&Scene::photo(15, size).rgb(), size, None, false)
}

fn transparent_webp(size: (u32, u32)) -> Made {
    encode::webp(&Scene::photo(16, size).rgba(), size, None, true)
}

/// VP8X with a colour profile and Exif.
fn extended_webp(size: (u32, u32)) -> Made {
    let metadata = (metadata::wide_profile(), metadata::exif(1));
    encode::webp(&Scene::photo(17, size).rgb(), size, Some(metadata), false)
}

/// The last chunk has an odd length and its pad byte is missing, so that the RIFF body ends at an odd offset.
fn unpadded_webp(size: (u32, u32)) -> Made {
    let plain = encode::webp(&Scene::photo(18, size).rgb(), size, None, false)?;
    encode::with_unpadded_chunk(plain, *b"note", b"odd")
}

fn flat_webp(size: (u32, u32)) -> Made {
    encode::webp(&Scene::flat([0x6000, 0x8000, 0xA000], size).rgb(), size, None, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs, sync::LazyLock};
    use touchmark_image::{Container, Layout, Limits, SourceImage, Splice};

    static MADE: LazyLock<Vec<(&Picture, Vec<u8>)>> = LazyLock::new(|| {
        PICTURES
            .iter()
            .map(|picture| (picture, picture.bytes().unwrap()))
            .collect()
    });

    fn container(bytes: &[u8]) -> Container {
        SourceImage::parse(bytes, &Limits::default())
            .unwrap()
            .container()
            .unwrap()
    }

    #[test]
    fn each_picture_is_made_again_as_committed() {
        for (picture, bytes) in MADE.iter() {
            let committed = fs::read(folder().join(picture.name)).unwrap();
            assert!(*bytes == committed, "{} differs: run generate-pictures", picture.name);
        }
    }

    #[test]
    fn the_folder_holds_these_pictures_and_no_others() {
        let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap());
        let total: u64 = fs::read_dir(folder())
            .unwrap()
            .map(|file| file.unwrap().metadata().unwrap().len())
            .sum();
        let names: BTreeSet<_> = files.map(|file| file.file_name().into_string().unwrap()).collect();
        assert_eq!(names, PICTURES.iter().map(|picture| picture.name.to_owned()).collect());
        assert!(total < 1 << 20, "{total} bytes");
    }

    #[test]
    fn each_picture_decodes_before_and_after_a_splice() {
        for (picture, bytes) in MADE.iter() {
            let source = SourceImage::parse(bytes, &Limits::default()).unwrap();
            assert_eq!(source.dimensions(), Some(picture.size), "{}", picture.name);
            let splice = Splice::new(Layout::new(&source.container().unwrap(), None).unwrap(), 70_000).unwrap();
            let spliced = splice.over(&source).unwrap().assemble(&[0x55; 70_000]).unwrap();
            let before = image::load_from_memory(bytes).unwrap_or_else(|e| panic!("{}: {e}", picture.name));
            let after = image::load_from_memory(&spliced).unwrap_or_else(|e| panic!("{}: {e}", picture.name));
            assert_eq!((before.width(), before.height()), picture.size);
            assert!(before == after, "{}", picture.name);
        }
    }

    #[test]
    fn lossless_pictures_decode_to_what_was_drawn() {
        for (name, seed) in [
            ("rgb.png", 7),
            ("interlaced.png", 9),
            ("lossless.webp", 15),
            ("odd-unpadded.webp", 18),
        ] {
            let (picture, bytes) = MADE.iter().find(|(picture, _)| picture.name == name).unwrap();
            let decoded = image::load_from_memory(bytes).unwrap().into_rgb8().into_raw();
            assert!(decoded == Scene::photo(seed, picture.size).rgb(), "{name}");
        }
    }

    #[test]
    fn each_picture_is_what_its_name_says() {
        let of = |name: &str| {
            MADE.iter()
                .find(|(picture, _)| picture.name == name)
                .unwrap()
                .1
                .as_slice()
        };
        assert!(container(of("progressive-icc.jpg")).coding.progressive);
        assert!(container(of("interlaced.png")).coding.progressive);
        assert!(container(of("cmyk.jpg")).coding.cmyk);
        assert!(container(of("animated.png")).coding.animated);
        assert_eq!(container(of("sixteen-bit-icc.png")).coding.bits_per_sample, 16);
        assert!(!container(of("trailing.jpg")).trailing.is_empty());
        assert_eq!(container(of("odd-unpadded.webp")).insertion % 2, 1);
        assert!(of("restart-rotated.jpg").windows(2).any(|pair| pair == [0xFF, 0xD0]));
        let exif = container(of("baseline-exif.jpg")).insertion;
        assert!(
            exif > 20 + metadata::exif(1).len(),
            "a store goes behind the Exif segment"
        );
    }
}
