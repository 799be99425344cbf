//! `env:NAME`: a key in a variable, as container platforms hand secrets over. Elsewhere variables are a poor place: other
//! programs of the user can read them, and crash reports keep them.

use std::env::{self, VarError};
use std::fs;
use std::path::Path;

use zeroize::Zeroizing;

use crate::console::tell_user;
use crate::failure::{Code, Failure};

/// What the name of a container's control group holds: Docker, Kubernetes, containerd, Podman, LXC.
const CONTAINER_GROUPS: [&str; 5] = ["docker", "kubepods", "containerd", "libpod", "lxc"];

/// The text of the variable. No message names it: what was typed in its place may be the key itself.
pub fn read(name: &str) -> Result<Zeroizing<String>, Failure> {
    let failed = |why: &str| Failure::new(Code::KeyReference, "read the key from its variable").because(why);
    let text = match env::var(name) {
        Ok(text) => Zeroizing::new(text),
        Err(VarError::NotPresent) => return Err(failed("the variable is not set")),
        Err(VarError::NotUnicode(_)) => return Err(failed("it is not UTF-8")),
    };
    if !in_container(Path::new("/"), |name| env::var_os(name).is_some()) {
        tell_user(
            "warning: the key comes from a variable, which other programs of yours can read; outside of a container, file: \
             or pkcs11: keeps it better",
        );
    }
    Ok(text)
}

/// Whether this is a container, by the marks that its programs leave.
fn in_container(root: &Path, is_set: impl Fn(&str) -> bool) -> bool {
    // Docker and Podman leave a file; systemd's convention is the variable `container`.
    root.join(".dockerenv").exists()
        || root.join("run/.containerenv").exists()
        || is_set("KUBERNETES_SERVICE_HOST")
        || is_set("container")
        || fs::read_to_string(root.join("proc/1/cgroup"))
            .is_ok_and(|groups| CONTAINER_GROUPS.iter().any(|name| groups.contains(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mark_of_a_container_is_known() {
        let root = tempfile::tempdir().unwrap();
        let unset = |_: &str| false;
        assert!(!in_container(root.path(), unset));
        for mark in [".dockerenv", "run/.containerenv"] {
            let path = root.path().join(mark);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "").unwrap();
            assert!(in_container(root.path(), unset), "{mark}");
            fs::remove_file(path).unwrap();
        }
        for variable in ["KUBERNETES_SERVICE_HOST", "container"] {
            assert!(in_container(root.path(), |name| name == variable), "{variable}");
        }
        let groups = root.path().join("proc/1/cgroup");
        fs::create_dir_all(groups.parent().unwrap()).unwrap();
        fs::write(&groups, "0::/init.scope\n").unwrap();
        assert!(!in_container(root.path(), unset));
        fs::write(&groups, "12:cpu:/kubepods/besteffort/pod1\n").unwrap();
        assert!(in_container(root.path(), unset));
    }

    #[test]
    fn a_name_is_not_repeated() {
        for name in ["", "a=b", "MC4CAQAwBQYDK2VwBCIEIHN1cGVy", "A B", "-----BEGIN\0"] {
            let failure = read(name).unwrap_err();
            assert_eq!(failure.code(), Code::KeyReference);
            assert!(name.is_empty() || !failure.to_string().contains(name), "{failure}");
        }
    }
}
