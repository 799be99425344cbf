//! A decoded picture: samples in rows, with the orientation and the colour profile that its file gave them.

mod decode;
mod encode;
mod gif;
mod jpeg;
mod orientation;
mod png;
mod tiff;
mod webp;

#[cfg(test)]
mod laws;

pub use encode::{CodingChange, Loss, Reencoded, Reencoding};
pub use orientation::Orientation;

/// A decoded picture as its file stores it: not turned, not converted to another colour space.
///
/// Samples are interleaved, rows run from top to bottom without gaps: sample `c` of pixel `(x, y)` is at
/// `(y * width + x) * channels + c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    width: u32,
    height: u32,
    channels: Channels,
    samples: Samples,
    orientation: Orientation,
    icc: Option<Vec<u8>>,
}

/// What the samples of a pixel are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channels {
    /// One sample of grey.
    Grey,
    /// Grey, then opacity, which is not multiplied into the grey.
    GreyAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, then opacity, which is not multiplied into them.
    Rgba,
}

/// The samples of all pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Samples {
    /// 0 to 255.
    Eight(Vec<u8>),
    /// 0 to 65 535.
    Sixteen(Vec<u16>),
}

impl Channels {
    /// Samples a pixel, opacity included.
    pub fn count(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    /// Whether the last sample of a pixel is its opacity.
    pub fn has_alpha(self) -> bool {
        matches!(self, Self::GreyAlpha | Self::Rgba)
    }
}

impl Samples {
    /// Number of samples.
    pub fn len(&self) -> usize {
        match self {
            Self::Eight(samples) => samples.len(),
            Self::Sixteen(samples) => samples.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Pixels {
    /// A picture of these samples, turned by nothing and without a colour profile.
    ///
    /// `None` where a side is zero or the number of samples is not `width * height * channels`.
    pub fn new(width: u32, height: u32, channels: Channels, samples: Samples) -> Option<Self> {
        let expected = (width as usize)
            .checked_mul(height as usize)?
            .checked_mul(channels.count())?;
        (expected != 0 && samples.len() == expected).then_some(Self {
            width,
            height,
            channels,
            samples,
            orientation: Orientation::default(),
            icc: None,
        })
    }

    pub(crate) fn described(self, orientation: Orientation, icc: Option<Vec<u8>>) -> Self {
        Self {
            orientation,
            icc,
            ..self
        }
    }

    /// The picture as it is looked at: turned by its orientation, which then is [`Orientation::AsStored`].
    pub fn upright(self) -> Self {
        let (width, height) = self.orientation.apply_to_size((self.width, self.height));
        let count = self.channels.count();
        let stored = (self.width, self.height);
        let samples = match self.samples {
            Samples::Eight(samples) => Samples::Eight(self.orientation.apply(samples, stored, count)),
            Samples::Sixteen(samples) => Samples::Sixteen(self.orientation.apply(samples, stored, count)),
        };
        Self {
            width,
            height,
            samples,
            orientation: Orientation::AsStored,
            ..self
        }
    }

    /// Whether both have the same size, channels and depth.
    pub(crate) fn same_kind(&self, other: &Self) -> bool {
        let sixteen = |pixels: &Self| matches!(pixels.samples, Samples::Sixteen(_));
        (self.width, self.height, self.channels) == (other.width, other.height, other.channels)
            && sixteen(self) == sixteen(other)
    }

    /// Pixels a row, as stored.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows, as stored.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// What the samples of a pixel are.
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// The samples.
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// The samples, to change their values in place.
    pub fn samples_mut(&mut self) -> SamplesMut<'_> {
        match &mut self.samples {
            Samples::Eight(samples) => SamplesMut::Eight(samples),
            Samples::Sixteen(samples) => SamplesMut::Sixteen(samples),
        }
    }

    /// How the picture is turned for looking at it.
    pub fn orientation(&self) -> Orientation {
        self.orientation
    }

    /// The ICC profile of the samples, as the file had it.
    pub fn icc(&self) -> Option<&[u8]> {
        self.icc.as_deref()
    }
}

/// Samples whose values may change and whose number may not.
#[derive(Debug)]
pub enum SamplesMut<'a> {
    /// 0 to 255.
    Eight(&'a mut [u8]),
    /// 0 to 65 535.
    Sixteen(&'a mut [u16]),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_samples_must_match() {
        let samples = |n| Samples::Eight(vec![0; n]);
        assert!(Pixels::new(2, 3, Channels::Rgb, samples(18)).is_some());
        assert!(Pixels::new(2, 3, Channels::Rgb, samples(17)).is_none());
        assert!(Pixels::new(0, 3, Channels::Rgb, samples(0)).is_none());
        assert!(Pixels::new(u32::MAX, u32::MAX, Channels::Rgba, samples(4)).is_none());
    }
}
