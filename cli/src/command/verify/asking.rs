//! Asks the issuers of watermarks whom to turn to, each once a process, where `--online` was given.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use touchmark::issuer::{Domain, Statement, WELL_KNOWN};
use touchmark::report::{IssuerAnswer, visible};

use crate::console::tell_user;
use crate::fetch::Fetcher;

/// Asks issuers, and remembers what they answered. Shared by the workers.
pub struct Asking {
    fetcher: Fetcher,
    answers: Mutex<HashMap<Domain, Arc<OnceLock<IssuerAnswer>>>>,
}

impl Asking {
    pub fn new(fetcher: Fetcher) -> Self {
        Self {
            fetcher,
            answers: Mutex::default(),
        }
    }

    /// What these domains answer. Nothing of the picture is told them; a picture of this name is why they are asked.
    pub fn answers(&self, domains: Vec<Domain>, name: &str) -> Vec<IssuerAnswer> {
        let answer = |domain: Domain| {
            let cell = {
                let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
                Arc::clone(answers.entry(domain.clone()).or_default())
            };
            // Workers that need the same answer wait here for it; others go on.
            cell.get_or_init(|| {
                let answer = self.ask(&format!("https://{domain}{WELL_KNOWN}"), domain, name);
                if let IssuerAnswer::Unasked { domain, why } = &answer {
                    tell_user(format_args!("warning: {domain} could not be asked: {}", visible(why)));
                }
                answer
            })
            .clone()
        };
        domains.into_iter().map(answer).collect()
    }

    fn ask(&self, address: &str, domain: Domain, name: &str) -> IssuerAnswer {
        let announce = |host: &str| {
            tell_user(format_args!(
                "asking {} about the watermark of {name}: it has the number in it",
                visible(host)
            ));
        };
        let said = match self.fetcher.get(address, announce) {
            Ok(answer) if answer.status != 200 => Err(format!("the answer was {}", answer.status)),
            Ok(answer) if answer.cut => Err("the answer is too large".to_owned()),
            Ok(answer) => Statement::parse(&answer.body, &domain).map_err(|fault| fault.to_string()),
            Err(no_answer) => Err(no_answer.to_string()),
        };
        match said {
            Ok(said) => IssuerAnswer::Says(said),
            Err(why) => IssuerAnswer::Unasked {
                domain,
                why: why.into(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::thread;

    use touchmark::issuer::MAX_STATEMENT_BYTES;

    use super::*;

    /// What a server on this machine makes of a path, until the tests end.
    fn serve(answer: fn(&str) -> String) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut lines = BufReader::new(stream.try_clone().unwrap())
                    .lines()
                    .map_while(Result::ok);
                let request = lines.next().unwrap_or_default();
                lines.take_while(|line| !line.is_empty()).for_each(drop);
                let path = request.split(' ').nth(1).unwrap_or_default();
                let _ = stream.write_all(answer(path).as_bytes());
            }
        });
        format!("http://{address}")
    }

    fn asked() -> Domain {
        "example.org".parse().unwrap()
    }

    #[test]
    fn an_issuer_answers_for_itself_or_is_said_not_to() {
        let server = serve(|path| {
            let ok = |body: &str| {
                format!(
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                )
            };
            match path {
                "/good" => {
                    ok(r#"{"schema":"touchmark-issuer/1","domain":"example.org","removal":"mailto:a@example.org"}"#)
                }
                "/other" => ok(r#"{"schema":"touchmark-issuer/1","domain":"example.com"}"#),
                "/large" => ok(&" ".repeat(MAX_STATEMENT_BYTES + 1)),
                "/moved" => {
                    "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: /good\r\nContent-Length: 0\r\n\r\n".to_owned()
                }
                _ => "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_owned(),
            }
        });
        let asking = Asking::new(Fetcher::of_issuers(true));
        let ask = |path: &str| asking.ask(&format!("{server}{path}"), asked(), "a.png");
        match ask("/good") {
            IssuerAnswer::Says(said) => assert_eq!(said.removal(), Some("mailto:a@example.org")),
            unasked => panic!("{unasked:?}"),
        }
        for (path, expected) in [
            ("/other", "another domain"),
            ("/large", "too large"),
            ("/moved", "redirects"),
            ("/nothing", "404"),
        ] {
            match ask(path) {
                IssuerAnswer::Unasked { why, .. } => assert!(why.contains(expected), "{path}: {why}"),
                said => panic!("{path}: {said:?}"),
            }
        }
    }

    #[test]
    fn an_issuer_in_a_private_network_is_not_asked() {
        let server = serve(|_| String::new());
        let asking = Asking::new(Fetcher::of_issuers(false));
        match asking.ask(&server, asked(), "a.png") {
            IssuerAnswer::Unasked { why, .. } => assert!(why.contains("https"), "{why}"),
            said => panic!("{said:?}"),
        }
        match asking.ask("https://127.0.0.1:9/", asked(), "a.png") {
            IssuerAnswer::Unasked { why, .. } => assert!(why.contains("not public"), "{why}"),
            said => panic!("{said:?}"),
        }
    }

    #[test]
    fn an_issuer_is_asked_once_a_run() {
        let asking = Asking::new(Fetcher::of_issuers(false));
        let known = IssuerAnswer::Unasked {
            domain: asked(),
            why: "asked before".into(),
        };
        let cell = Arc::new(OnceLock::from(known.clone()));
        asking.answers.lock().unwrap().insert(asked(), cell);
        assert_eq!(asking.answers(vec![asked()], "a.png"), [known]);
    }
}
