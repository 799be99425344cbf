//! `config show`: each setting, its value, and where it comes from.

use serde_json::{Map, json};

use crate::args::Config as Args;
use crate::config::{Config, Origin};
use crate::console::print;
use crate::exit;
use crate::failure::Failure;

pub fn run(args: &Args, config: &Config) -> Result<u8, Failure> {
    let Args::Show(args) = args;
    if args.json {
        let rows: Map<_, _> = config
            .rows()
            .map(|(name, _, setting)| {
                let value = setting.map(
                    |setting| json!({ "value": setting.value.to_string_lossy(), "origin": origin(&setting.origin) }),
                );
                (name.to_owned(), value.unwrap_or_default())
            })
            .collect();
        print(&format!("{}\n", serde_json::Value::from(rows)))?;
        return Ok(exit::DONE);
    }
    for (name, purpose, setting) in config.rows() {
        let line = match setting {
            Some(setting) => format!(
                "{name} = {:?}  # {purpose}; {}\n",
                setting.value,
                origin(&setting.origin)
            ),
            None => format!("# {name} = \"\"  # {purpose}; not set\n"),
        };
        print(&line)?;
    }
    Ok(exit::DONE)
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Default => "default".to_owned(),
        Origin::File(path) => format!("from {}", path.display()),
        Origin::Variable(name) => format!("from {name}"),
        Origin::Option => "from the command line".to_owned(),
    }
}
