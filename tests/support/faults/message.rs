//! As much of HTTP/1.1 as the layer needs: whole requests with a length, whole answers to the end of a connection.

use std::{io, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 64 << 10;
const HEAD_END: &[u8] = b"\r\n\r\n";

/// A whole request.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    /// Request line and headers, without `Connection`, each line with its end; no empty line.
    head: String,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// Reads one; `None` where the connection ends before the first byte.
    pub(super) async fn read(stream: &mut TcpStream) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(at) = find(&bytes, HEAD_END) {
                break at;
            }
            if bytes.len() > LONGEST_HEAD || stream.read_buf(&mut bytes).await? == 0 {
                return if bytes.is_empty() { Ok(None) } else { Err(bad("no whole head")) };
            }
        };
        let text = String::from_utf8(bytes[..end].to_vec()).map_err(|_| bad("a head that is no text"))?;
        let mut body = bytes.split_off(end + HEAD_END.len());
        let mut lines = text.split("\r\n");
        let mut words = lines.next().unwrap_or_default().split(' ');
        let (Some(method), Some(target)) = (words.next(), words.next()) else { return Err(bad("no request line")) };
        let mut head = format!("{method} {target} HTTP/1.1\r\n");
        let mut length = 0;
        for line in lines {
            let (name, value) = line.split_once(':').ok_or_else(|| bad("a header without a colon"))?;
            if name.eq_ignore_ascii_case("transfer-encoding") {
                return Err(bad("a body without a length"));
            }
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().map_err(|_| bad("a length that is no number"))?;
            }
            if !name.eq_ignore_ascii_case("connection") {
                head.push_str(line);
                head.push_str("\r\n");
            }
        }
        let (method, target) = (method.to_owned(), target.to_owned());
        let known = body.len();
        body.resize(length, 0);
        stream.read_exact(&mut body[known.min(length)..]).await?;
        Ok(Some(Self { method, target, head, body }))
    }
}

/// Passes a request on; the answer comes on the stream.
pub(super) async fn begin(server: SocketAddr, request: &Request) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(format!("{}connection: close\r\n\r\n", request.head).as_bytes()).await?;
    stream.write_all(&request.body).await?;
    Ok(stream)
}

/// Passes a request on; gives the whole answer, as it came.
pub(super) async fn forward(server: SocketAddr, request: &Request) -> io::Result<Vec<u8>> {
    let mut stream = begin(server, request).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer)
}

/// The head and half of the body.
pub(super) fn half(mut answer: Vec<u8>) -> Vec<u8> {
    let body = find(&answer, HEAD_END).map_or(0, |at| at + HEAD_END.len());
    answer.truncate(body + (answer.len() - body) / 2);
    answer
}

/// The status of a whole answer.
pub(super) fn status(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|&byte| byte == b'\r').next()?;
    std::str::from_utf8(line).ok()?.split(' ').nth(1)?.parse().ok()
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

fn bad(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
