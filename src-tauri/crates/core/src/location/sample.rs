//! A look into a location database, to learn what it knows.
//!
//! The tree is not walked: in a crooked one, whose nodes lead on to the same node both ways, there are more ways than
//! anybody could go. Addresses are looked up instead, each one after the network of the last.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use maxminddb::{MaxMindDbError, Reader};
use serde_json::Value;

/// Records that are looked at.
const RECORDS: usize = 2_000;

/// Networks that are stepped over to find them, in either version of addresses; a country database has some 200,000 in
/// all, and a tenth of those holds the records.
const STEPS: usize = 100_000;

/// Tells of each record that is looked at, in the order of their networks. None is kept: they may be large.
///
/// # Errors
/// Where the database contradicts itself on the way.
pub(super) fn each_record(reader: &Reader<Vec<u8>>, mut tell: impl FnMut(&Value)) -> Result<(), MaxMindDbError> {
    let mut left = RECORDS;
    // The second version begins with a part that repeats the first.
    for first in [IpAddr::V4(Ipv4Addr::UNSPECIFIED), IpAddr::V6(Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0))] {
        if first.is_ipv6() && reader.metadata().ip_version != 6 {
            continue;
        }
        let mut next = Some(first);
        for _ in 0..STEPS {
            let Some(address) = next.filter(|_| left > 0) else { break };
            let looked = reader.lookup(address)?;
            if let Some(record) = looked.decode::<Value>()? {
                tell(&record);
                left -= 1;
            }
            let last = looked.network()?.broadcast();
            // Where the first version is not in it, a network of the second is the answer.
            next = if last.is_ipv4() == address.is_ipv4() { after(last) } else { None };
        }
    }
    Ok(())
}

/// The next address; behind the last one there is none.
fn after(address: IpAddr) -> Option<IpAddr> {
    Some(match address {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits().checked_add(1)?).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits().checked_add(1)?).into(),
    })
}
