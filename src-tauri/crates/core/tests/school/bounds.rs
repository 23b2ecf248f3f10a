//! Answers that are too slow or too large.

use std::{io::Write, time::Duration};

use flate2::{Compression, write::GzEncoder};
use hallmonitor_core::school::{Limits, Patience, SchoolError, Verdict};

use crate::stub::{EMPTY, JSON, Reply, Stub, head, quick, whole};

/// One try alone, so that a test waits for one limit and not for three.
fn once(limits: Limits) -> Limits {
    Limits { patience: Patience { tries: 1, ..limits.patience }, ..limits }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    for bytes in [Vec::new(), b"HTTP/1.1 200 OK\r\n".to_vec(), head(200, &[JSON, ("content-length", "9")])] {
        let stub = Stub::always(move || Reply::Hang(bytes.clone())).await;
        let short = Duration::from_millis(250);
        let limits = Limits { connect: short, idle: short, ..once(quick()) };
        let error = stub.client_with(limits).changes(None, 10).await.unwrap_err();
        assert!(matches!(error, SchoolError::TimedOut { .. }), "{error:?}");
        assert_eq!(error.verdict(), Verdict::Again);
    }
}

#[tokio::test]
async fn a_server_that_drips_is_given_up_in_the_end() {
    let stub = Stub::always(|| Reply::Drip {
        head: head(200, &[JSON]),
        piece: b" ".to_vec(),
        pause: Duration::from_millis(5),
    })
    .await;
    let limits = Limits { whole: Duration::from_millis(400), idle: Duration::from_secs(60), ..once(quick()) };
    let error = stub.client_with(limits).changes(None, 10).await.unwrap_err();
    assert!(matches!(error, SchoolError::TimedOut { limit, .. } if limit == limits.whole), "{error:?}");
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut_at_64_mib() {
    let stub =
        Stub::always(|| Reply::Drip { head: head(200, &[JSON]), piece: vec![b' '; 1 << 16], pause: Duration::ZERO })
            .await;
    let client = stub.client_with(Limits { whole: Duration::from_secs(120), ..quick() });
    let error = client.changes(None, 10).await.unwrap_err();
    assert!(matches!(error, SchoolError::TooLarge { limit, .. } if limit == 64 << 20), "{error:?}");
    assert_eq!((error.verdict(), client.requests()), (Verdict::Broken, 1));
    assert!(error.to_string().contains("64 MiB"), "{error}");
}

#[tokio::test]
async fn an_answer_that_announces_too_much_is_not_even_begun() {
    let length = ((64 << 20) + 1).to_string();
    let stub = Stub::always(move || Reply::Hang(head(200, &[JSON, ("content-length", length.as_str())]))).await;
    let error = stub.client().changes(None, 10).await.unwrap_err();
    assert!(matches!(error, SchoolError::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn a_body_as_large_as_the_limit_is_read() {
    let limits = Limits { body: 1 << 20, ..quick() };
    let padded = |length: usize| {
        let mut body = EMPTY.as_bytes().to_vec();
        body.resize(length, b' ');
        body
    };
    let stub = Stub::new(move |nth, _| whole(200, &[JSON], &padded((1 << 20) + nth))).await;
    let client = stub.client_with(limits);
    assert!(client.changes(None, 10).await.is_ok());
    assert!(matches!(client.changes(None, 10).await, Err(SchoolError::TooLarge { .. })));
}

#[tokio::test]
async fn a_bomb_is_unpacked_no_further_than_the_limit() {
    const BLANKS: usize = 128 << 20;
    const LARGEST: usize = 4 << 20;
    let gzip = {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        for _ in 0..BLANKS >> 20 {
            packer.write_all(&[b' '; 1 << 20]).unwrap();
        }
        packer.finish().unwrap()
    };
    let zstd = zstd::encode_all(std::io::Read::take(std::io::repeat(b' '), BLANKS as u64), 1).unwrap();
    for (encoding, bomb) in [("gzip", gzip), ("zstd", zstd)] {
        assert!(bomb.len() < 2 << 20, "{encoding}: {} bytes are no bomb", bomb.len());
        let stub = Stub::always(move || whole(200, &[JSON, ("content-encoding", encoding)], &bomb)).await;
        let client = stub.client_with(Limits { body: LARGEST, ..quick() });
        let before = most_memory();
        let error = client.changes(None, 10).await.unwrap_err();
        assert!(matches!(error, SchoolError::TooLarge { .. }), "{encoding}: {error:?}");
        let grown = most_memory() - before;
        assert!(grown < 32 << 10, "{encoding}: {grown} KiB");
    }
}

/// The most memory that this process ever had, in KiB; 0 where the system does not say.
fn most_memory() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
