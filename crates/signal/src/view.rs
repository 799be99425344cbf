//! A picture as it is looked at: the way from what a viewer sees to where it is stored.

use touchmark_image::{Orientation, Pixels};

/// How the axes a viewer sees run through the stored samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    /// Width and height as stored, in pixels.
    pub(crate) stored: (u32, u32),
    /// The viewer's rows are stored columns.
    pub(crate) transposed: bool,
    /// Stored columns run against the viewer's axis that they lie on.
    pub(crate) columns_reversed: bool,
    /// Stored rows run against the viewer's axis that they lie on.
    pub(crate) rows_reversed: bool,
}

impl View {
    pub(crate) fn of(pixels: &Pixels) -> Self {
        Self::new((pixels.width(), pixels.height()), pixels.orientation())
    }

    /// EXIF's Orientation (CIPA DC-008, 4.6.4.A) says where the stored row 0 and column 0 are seen.
    pub(crate) fn new(stored: (u32, u32), orientation: Orientation) -> Self {
        let (transposed, columns_reversed, rows_reversed) = match orientation {
            Orientation::AsStored => (false, false, false),
            Orientation::Mirrored => (false, true, false),
            Orientation::Turned180 => (false, true, true),
            Orientation::Flipped => (false, false, true),
            Orientation::Transposed => (true, false, false),
            Orientation::Turned90 => (true, false, true),
            Orientation::Transversed => (true, true, true),
            Orientation::Turned270 => (true, true, false),
        };
        Self {
            stored,
            transposed,
            columns_reversed,
            rows_reversed,
        }
    }

    /// Width and height as seen, in pixels.
    pub(crate) fn size(self) -> (u32, u32) {
        let (width, height) = self.stored;
        if self.transposed {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// Column and row where the pixel is stored that is seen at `(x, y)`, which must be within [`Self::size`].
    pub(crate) fn locate(self, x: u32, y: u32) -> (u32, u32) {
        let (column, row) = if self.transposed { (y, x) } else { (x, y) };
        let (width, height) = self.stored;
        (
            if self.columns_reversed {
                width - 1 - column
            } else {
                column
            },
            if self.rows_reversed { height - 1 - row } else { row },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is seen of the rows `ab`, `cd`, `ef`.
    fn seen(orientation: Orientation) -> Vec<String> {
        let stored = [b"ab", b"cd", b"ef"];
        let view = View::new((2, 3), orientation);
        let (width, height) = view.size();
        let letter = |x, y| {
            let (column, row) = view.locate(x, y);
            char::from(stored[row as usize][column as usize])
        };
        (0..height)
            .map(|y| (0..width).map(|x| letter(x, y)).collect())
            .collect()
    }

    #[test]
    fn every_orientation_is_seen_as_exif_says() {
        assert_eq!(seen(Orientation::AsStored), ["ab", "cd", "ef"]);
        assert_eq!(seen(Orientation::Mirrored), ["ba", "dc", "fe"]);
        assert_eq!(seen(Orientation::Turned180), ["fe", "dc", "ba"]);
        assert_eq!(seen(Orientation::Flipped), ["ef", "cd", "ab"]);
        assert_eq!(seen(Orientation::Transposed), ["ace", "bdf"]);
        assert_eq!(seen(Orientation::Turned90), ["eca", "fdb"]);
        assert_eq!(seen(Orientation::Transversed), ["fdb", "eca"]);
        assert_eq!(seen(Orientation::Turned270), ["bdf", "ace"]);
    }
}
