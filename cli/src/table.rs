//! Tables for programs: lines of CSV.

use crate::failure::{Code, Failure};

/// A line of CSV (RFC 4180), with its line break.
///
/// # Errors
/// Where the writer fails, which is a bug.
pub fn csv_line<'a>(cells: impl IntoIterator<Item = impl Into<std::borrow::Cow<'a, str>>>) -> Result<String, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(Code::Library, "write CSV").because(error);
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let cells: Vec<String> = cells.into_iter().map(|cell| inert(cell.into().into_owned())).collect();
    writer.write_record(cells).map_err(|error| failed(&error))?;
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

/// A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe in front (OWASP, "CSV
/// injection"). The name of a file is whatever somebody wanted it to be.
fn inert(cell: String) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        true => format!("'{cell}"),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_csv_is_quoted_and_no_formula() {
        let line = csv_line(["=1+1", "a,b", "say \"x\"", "plain", "", "-x.png", "@x", "two\nlines"]).unwrap();
        assert_eq!(
            line,
            "'=1+1,\"a,b\",\"say \"\"x\"\"\",plain,,'-x.png,'@x,\"two\nlines\"\r\n"
        );
    }
}
