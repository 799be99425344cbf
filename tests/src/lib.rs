//! Makes the fixtures, and drives the library and the binary over them.
//!
//! ```
//! // Every picture of `fixtures/images/` can be drawn again.
//! assert!(!touchmark_tests::pictures::PICTURES.is_empty());
//! ```

pub mod certificates;
pub mod forge;
pub mod formats;
pub mod hostile;
pub mod identity;
pub mod keys;
pub mod labelled;
pub mod marked;
pub mod peer;
pub mod pictures;
pub mod rules;
pub mod seeded;
pub mod stamped;
