//! A server on this machine for tests of what is fetched.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Answers until the tests end, each connection in a thread of its own, by the path that its request asks for.
pub fn serve(answer: impl Fn(TcpStream, &str) + Clone + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            thread::spawn(move || {
                let path = path_asked_for(&stream);
                answer(stream, &path);
            });
        }
    });
    address
}

/// The path of the one request; its headers are passed over.
fn path_asked_for(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    let _ = reader.read_line(&mut request);
    let mut header = String::new();
    while reader.read_line(&mut header).is_ok_and(|read| read > 2) {
        header.clear();
    }
    request.split(' ').nth(1).unwrap_or_default().to_owned()
}
