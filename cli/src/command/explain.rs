//! `explain`: what an error code means and what to do.

use crate::args::Explain;
use crate::console::print;
use crate::exit;
use crate::failure::{Code, Failure};

pub fn run(args: &Explain) -> Result<u8, Failure> {
    let Some(wanted) = &args.code else {
        let all: String = Code::ALL
            .iter()
            .map(|code| format!("{}  {}\n", code.id(), code.title()))
            .collect();
        print(&all)?;
        return Ok(exit::DONE);
    };
    let code = Code::ALL
        .iter()
        .find(|code| code.id().eq_ignore_ascii_case(wanted.trim()))
        .ok_or_else(|| Failure::new(Code::NotExplained, format!("explain {wanted:?}")))?;
    print(&format!(
        "{}: {}\n\nWhat to do: {}\nExit code:  {}\n",
        code.id(),
        code.title(),
        code.next(),
        code.exit()
    ))?;
    Ok(exit::DONE)
}
