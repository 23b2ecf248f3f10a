//! Says whether this system's packages are Debian's: elsewhere there is no test of the package.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(debian)");
    if std::path::Path::new("/var/lib/dpkg/status").is_file() {
        println!("cargo::rustc-cfg=debian");
    }
}
