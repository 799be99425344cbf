//! The pictures of a trial: those of a folder, or the scenes that touchmark draws.

use std::path::{Path, PathBuf};

use touchmark_attacks::{Picture, Scene};
use touchmark_image::{Limits, SourceImage};

use crate::failure::{Code, Failure};
use crate::files::{self, display_name};

/// A picture and what it is called.
pub struct Named {
    pub name: String,
    pub picture: Picture,
}

/// One picture that is not yet in memory.
pub enum Place {
    Drawn(&'static Scene),
    File(PathBuf),
}

/// Where the pictures are: those of the folder in the order of their names, else all scenes.
pub fn places(folder: Option<&Path>) -> Result<Vec<Place>, Failure> {
    let Some(folder) = folder else {
        return Ok(Scene::ALL.iter().map(Place::Drawn).collect());
    };
    let failed = |error| Failure::reading(folder, &error);
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if files::has_picture_extension(&path) {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        return Err(Failure::new(Code::Unreadable, format!("read {}", display_name(folder)))
            .because("there are no pictures in it"));
    }
    paths.sort();
    Ok(paths.into_iter().map(Place::File).collect())
}

impl Place {
    /// Draws or reads the picture; what is transparent is taken as it is stored.
    pub fn picture(&self) -> Result<Named, Failure> {
        match self {
            Self::Drawn(scene) => Ok(Named {
                name: scene.name().to_owned(),
                picture: scene.draw(scene.size().0, scene.size().1),
            }),
            Self::File(path) => {
                let limits = Limits::default();
                let bytes = files::read(path, limits.max_bytes)?;
                let decoded = SourceImage::parse(&bytes, &limits).and_then(|source| source.decode());
                let pixels = decoded.map_err(|error| {
                    Failure::new(Code::Damaged, format!("decode {}", path.display())).because(error)
                })?;
                Ok(Named {
                    name: path
                        .file_name()
                        .map(|name| display_name(Path::new(name)))
                        .unwrap_or_default(),
                    picture: Picture::of(&pixels.upright()),
                })
            }
        }
    }
}
