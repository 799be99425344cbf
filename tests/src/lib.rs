//! Makes the fixtures, and drives the library and the binary over them.
//!
//! ```
//! // Every picture of `fixtures/images/` can be drawn again.
//! assert!(!touchmark_tests::pictures::PICTURES.is_empty());
//! ```

pub mod identity;
pub mod pictures;
