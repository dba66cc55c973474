//! The functions of OPA about blocks of addresses (CIDR, RFC 4632): pure, unlike a lookup of names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use regorus::Value;

/// The addresses of a block that are listed.
const MAX_EXPANDED_ADDRESSES: u128 = 1 << 16;

/// A block of addresses: the first one, the length of the prefix, and the length of an address in bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Block {
    first: u128,
    prefix: u32,
    bits: u32,
}

impl Block {
    fn parse(text: &str) -> Result<Block, String> {
        let invalid = || format!("invalid CIDR address: {text}");
        let (address, prefix) = text.split_once('/').ok_or_else(invalid)?;
        let (address, bits) = address_of(address).ok_or_else(invalid)?;
        let is_number =
            !prefix.is_empty() && prefix.len() <= 3 && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix: u32 =
            prefix.parse().ok().filter(|prefix| is_number && *prefix <= bits).ok_or_else(invalid)?;
        let block = Block { first: 0, prefix, bits };
        Ok(Block { first: address & !block.host_mask(), ..block })
    }

    /// Reads a block, or a single address as a block of one.
    fn of_either(text: &str) -> Result<Block, String> {
        match address_of(text) {
            Some((first, bits)) => Ok(Block { first, prefix: bits, bits }),
            None => Block::parse(text),
        }
    }

    /// Returns the bits that differ within the block.
    fn host_mask(self) -> u128 {
        1u128.checked_shl(self.bits - self.prefix).map_or(u128::MAX, |size| size - 1)
    }

    fn contains(self, other: Block) -> bool {
        self.bits == other.bits
            && self.prefix <= other.prefix
            && other.first & !self.host_mask() == self.first
    }
}

/// Returns the number of an address, and its length in bits.
fn address_of(text: &str) -> Option<(u128, u32)> {
    match text.parse().ok()? {
        IpAddr::V4(address) => Some((u128::from(address.to_bits()), 32)),
        IpAddr::V6(address) => Some((address.to_bits(), 128)),
    }
}

fn text<'v>(name: &str, value: &'v Value) -> Result<&'v str, String> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(format!("`{name}` expects a string")),
    }
}

pub(crate) fn is_valid(values: &[Value]) -> Result<Value, String> {
    Ok(Value::from(matches!(&values[0], Value::String(text) if Block::parse(text).is_ok())))
}

pub(crate) fn contains(values: &[Value]) -> Result<Value, String> {
    let name = "net.cidr_contains";
    let block = Block::parse(text(name, &values[0])?)?;
    Ok(Value::from(block.contains(Block::of_either(text(name, &values[1])?)?)))
}

pub(crate) fn intersects(values: &[Value]) -> Result<Value, String> {
    let name = "net.cidr_intersects";
    let (one, other) = (Block::parse(text(name, &values[0])?)?, Block::parse(text(name, &values[1])?)?);
    Ok(Value::from(one.contains(other) || other.contains(one)))
}

pub(crate) fn expand(values: &[Value]) -> Result<Value, String> {
    let block = Block::parse(text("net.cidr_expand", &values[0])?)?;
    if block.host_mask() >= MAX_EXPANDED_ADDRESSES {
        return Err(format!("`net.cidr_expand` lists at most {MAX_EXPANDED_ADDRESSES} addresses"));
    }
    let written = |number: u128| match u32::try_from(number) {
        Ok(number) if block.bits == 32 => Ipv4Addr::from_bits(number).to_string(),
        _ => Ipv6Addr::from_bits(number).to_string(),
    };
    let addresses = (0..=block.host_mask()).map(|host| Value::from(written(block.first + host)));
    Ok(Value::from(addresses.collect::<std::collections::BTreeSet<Value>>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(function: fn(&[Value]) -> Result<Value, String>, values: &[&str]) -> Result<Value, String> {
        function(&values.iter().map(|value| Value::from(*value)).collect::<Vec<_>>())
    }

    #[test]
    fn blocks_contain_addresses_and_blocks() {
        for (block, other, expected) in [
            ("10.0.0.0/8", "10.1.1.1", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("10.9.9.9/8", "10.0.0.0/16", true),
            ("10.0.0.0/16", "10.0.0.0/8", false),
            ("0.0.0.0/0", "255.255.255.255", true),
            ("::/0", "2001:db8::1", true),
            ("2001:db8::/32", "2001:db8:ffff::/48", true),
            ("2001:db8::/32", "2001:db9::", false),
            ("0.0.0.0/0", "::1", false),
            ("192.0.2.7/32", "192.0.2.7", true),
        ] {
            assert_eq!(asked(contains, &[block, other]), Ok(Value::from(expected)), "{block} {other}");
        }
        for (block, other) in [
            ("10.0.0.0", "10.1.1.1"),
            ("10.0.0.0/33", "10.1.1.1"),
            ("10.0.0.0/8", "x"),
            ("10.0/8", "10.1.1.1"),
        ] {
            assert!(asked(contains, &[block, other]).is_err(), "{block} {other}");
        }
    }

    #[test]
    fn blocks_are_validated_intersected_and_expanded() {
        for (block, expected) in [
            ("10.0.0.0/8", true),
            ("::1/128", true),
            ("10.0.0.0/-1", false),
            ("10.0.0.0/+8", false),
            ("", false),
        ] {
            assert_eq!(asked(is_valid, &[block]), Ok(Value::from(expected)), "{block}");
        }
        assert_eq!(asked(intersects, &["10.0.0.0/8", "10.1.0.0/16"]), Ok(Value::from(true)));
        assert_eq!(asked(intersects, &["10.0.0.0/8", "11.0.0.0/8"]), Ok(Value::from(false)));
        let listed = ["192.0.2.4", "192.0.2.5", "192.0.2.6", "192.0.2.7"].map(Value::from);
        assert_eq!(
            asked(expand, &["192.0.2.6/30"]),
            Ok(Value::from(std::collections::BTreeSet::from(listed)))
        );
        assert!(asked(expand, &["10.0.0.0/8"]).is_err());
        assert!(asked(expand, &["::/0"]).is_err());
    }
}
