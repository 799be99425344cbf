//! The blocks of one component: 64 quantised coefficients each, in zigzag order.
#![warn(clippy::indexing_slicing)]

/// Coefficients of one block in zigzag order (T.81, figure A.6).
pub(super) type Block = [i16; 64];

/// All blocks of a component, row by row.
#[derive(Default)]
pub(super) struct Blocks {
    /// Blocks a row and rows, as a scan of this component alone has them (T.81, A.2.2).
    pub(super) own: (usize, usize),
    /// Blocks a row, as scans of several components have them: filled up to whole units (A.2.4).
    pub(super) stride: usize,
    blocks: Vec<Block>,
}

impl Blocks {
    /// Blocks of zeros for a component of a picture.
    pub(super) fn new(size: (usize, usize), sampling: (usize, usize), most: (usize, usize)) -> Self {
        let own = |size: usize, factor: usize, most: usize| (size * factor).div_ceil(most).div_ceil(8);
        let filled = |size: usize, factor: usize, most: usize| size.div_ceil(8 * most) * factor;
        let stride = filled(size.0, sampling.0, most.0);
        let rows = filled(size.1, sampling.1, most.1);
        Self {
            own: (own(size.0, sampling.0, most.0), own(size.1, sampling.1, most.1)),
            stride,
            blocks: vec![[0; 64]; stride * rows],
        }
    }

    /// The block at a column and a row.
    pub(super) fn at(&self, column: usize, row: usize) -> Option<&Block> {
        self.blocks.get(row * self.stride + column)
    }

    /// The same, to change.
    pub(super) fn at_mut(&mut self, column: usize, row: usize) -> Option<&mut Block> {
        self.blocks.get_mut(row * self.stride + column)
    }
}
