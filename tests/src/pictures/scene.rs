//! What the fixture pictures show: 1/f noise with a gradient and sensor noise, which has the statistics of a
//! photograph. Integer arithmetic only, so that every machine draws the same picture.

/// A picture of 16-bit RGB samples.
pub(super) struct Scene {
    pub(super) size: (u32, u32),
    samples: Vec<[u16; 3]>,
}

/// Cell sizes halve and so do the amplitudes: power falls with the square of the frequency, as in photographs.
const OCTAVES: u32 = 7;
const MIDDLE: i32 = 0x8000;

impl Scene {
    /// A photo-like picture; the same seed and size always give the same one.
    pub(super) fn photo(seed: u32, size: (u32, u32)) -> Self {
        let (width, height) = size;
        let base = fractal(seed, size);
        let own = [0, 1, 2].map(|channel| fractal(hash(seed, channel, 1, 1), size));
        let pixel = |i: u32| {
            let (x, y) = (i % width, i / width);
            [0usize, 1, 2].map(|channel| {
                let textured = (3 * base[i as usize] + own[channel][i as usize]) / 4;
                // Sums of noise crowd around the middle; a photograph uses the whole range.
                let stretched = MIDDLE + (textured - MIDDLE) * 7 / 4;
                let light = (y * 0xFFFF / height) as i32 * [9, 6, 3][channel] / 10;
                let random = |salt| (hash(seed, channel as u32 + salt, x, y) & 0x3FF) as i32;
                let sensor = random(8) + random(16) - 0x3FF;
                ((4 * stretched + light) / 5 + sensor).clamp(0, 0xFFFF) as u16
            })
        };
        let samples = (0..width * height).map(pixel).collect();
        Self { size, samples }
    }

    /// One colour all over.
    pub(super) fn flat(colour: [u16; 3], size: (u32, u32)) -> Self {
        Self {
            size,
            samples: vec![colour; (size.0 * size.1) as usize],
        }
    }

    /// 16-bit big-endian RGB.
    pub(super) fn rgb16(&self) -> Vec<u8> {
        self.samples
            .iter()
            .flatten()
            .flat_map(|sample| sample.to_be_bytes())
            .collect()
    }

    /// 8-bit RGB.
    pub(super) fn rgb(&self) -> Vec<u8> {
        self.samples
            .iter()
            .flatten()
            .map(|&sample| (sample >> 8) as u8)
            .collect()
    }

    /// 8-bit RGB with a transparency that runs from clear on the left to opaque on the right.
    pub(super) fn rgba(&self) -> Vec<u8> {
        let width = self.size.0 as usize;
        let alpha = |i: usize| (i % width * 0xFF / (width - 1).max(1)) as u8;
        let rgb = self.rgb();
        rgb.chunks_exact(3)
            .enumerate()
            .flat_map(|(i, p)| [p[0], p[1], p[2], alpha(i)])
            .collect()
    }

    /// 8-bit luma (ITU-R BT.601 weights in 256ths).
    pub(super) fn grey(&self) -> Vec<u8> {
        let luma = |[r, g, b]: &[u16; 3]| (77 * u32::from(*r) + 150 * u32::from(*g) + 29 * u32::from(*b)) >> 16;
        self.samples.iter().map(|sample| luma(sample) as u8).collect()
    }

    /// 8-bit CMYK with all the black that the colour allows.
    pub(super) fn cmyk(&self) -> Vec<u8> {
        let rgb = self.rgb();
        let inks = rgb.chunks_exact(3).flat_map(|p| {
            let black = 0xFF - p[0].max(p[1]).max(p[2]);
            [0xFF - p[0] - black, 0xFF - p[1] - black, 0xFF - p[2] - black, black]
        });
        inks.collect()
    }
}

/// Sum of octaves of value noise, 0 to 65 535, row by row.
fn fractal(seed: u32, (width, height): (u32, u32)) -> Vec<i32> {
    let mut sum = vec![0i64; (width * height) as usize];
    for octave in 0..OCTAVES {
        let weight = OCTAVES - 1 - octave;
        let noise = Lattice::new(hash(seed, 100, octave, 0), OCTAVES - octave, (width, height));
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        for (value, (x, y)) in sum.iter_mut().zip(pixels) {
            *value += noise.at(x, y) << weight;
        }
    }
    sum.into_iter()
        .map(|value| (value / ((1 << OCTAVES) - 1)) as i32)
        .collect()
}

/// Random values at the corners of cells of 2^`bits` pixels.
struct Lattice {
    bits: u32,
    across: usize,
    corners: Vec<i64>,
}

impl Lattice {
    fn new(seed: u32, bits: u32, (width, height): (u32, u32)) -> Self {
        let (across, down) = ((width >> bits) + 2, (height >> bits) + 2);
        let cells = (0..down).flat_map(|y| (0..across).map(move |x| (x, y)));
        let corners = cells.map(|(x, y)| i64::from(hash(seed, 0, x, y) >> 16)).collect();
        Self {
            bits,
            across: across as usize,
            corners,
        }
    }

    /// The smooth interpolation between the four corners of a pixel's cell.
    fn at(&self, x: u32, y: u32) -> i64 {
        let first = (y >> self.bits) as usize * self.across + (x >> self.bits) as usize;
        let (top, bottom) = (&self.corners[first..][..2], &self.corners[first + self.across..][..2]);
        let (tx, ty) = (self.smooth(x), self.smooth(y));
        let mix = |a: i64, b: i64, t: i64| a + (((b - a) * t) >> 12);
        mix(mix(top[0], top[1], tx), mix(bottom[0], bottom[1], tx), ty)
    }

    /// Place within the cell from 0 to 4096, by the cubic that is flat at both ends.
    fn smooth(&self, place: u32) -> i64 {
        let within = place & ((1 << self.bits) - 1);
        let t = i64::from((within << 12) >> self.bits);
        (t * t * (3 * 4096 - 2 * t)) >> 24
    }
}

/// Mixes four numbers into one (the finaliser of MurmurHash3 after each).
fn hash(a: u32, b: u32, c: u32, d: u32) -> u32 {
    [a, b, c, d].into_iter().fold(0x9E37_79B9, |state: u32, word| {
        let mut h = state.wrapping_mul(5).wrapping_add(word);
        h = (h ^ (h >> 16)).wrapping_mul(0x85EB_CA6B);
        h = (h ^ (h >> 13)).wrapping_mul(0xC2B2_AE35);
        h ^ (h >> 16)
    })
}
