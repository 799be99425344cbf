//! `schema`: prints a JSON Schema.

use touchmark::Report;

use crate::args::{Schema, SchemaName};
use crate::console::print;
use crate::exit;
use crate::failure::Failure;

pub fn run(args: &Schema) -> Result<u8, Failure> {
    let schema = match args.name {
        SchemaName::Report => Report::json_schema(),
    };
    print(&format!("{schema:#}\n"))?;
    Ok(exit::DONE)
}
