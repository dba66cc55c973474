//! Converts object ids from and to gix.

use snapshot::ObjectId;

pub(crate) fn to_id(id: &gix::oid) -> ObjectId {
    ObjectId::from_bytes(id.as_bytes()).expect("ids of gix have 20 or 32 bytes")
}

pub(crate) fn from_id(id: &ObjectId) -> gix::ObjectId {
    gix::ObjectId::from_bytes_or_panic(id.as_bytes())
}
