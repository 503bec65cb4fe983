//! HTTPS in front of any port of this machine, with an authority of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};

use crate::serve;

/// A listener that ends TLS and passes the bytes on.
pub struct TlsFront {
    address: SocketAddr,
    authority: PathBuf,
    cut: watch::Sender<u64>,
    connections: Arc<AtomicUsize>,
}

impl TlsFront {
    /// Starts one in front of `target`, with a certificate for `localhost` and `127.0.0.1`.
    pub async fn start(target: SocketAddr) -> TlsFront {
        let (acceptor, authority_pem) = acceptor();
        let (listener, address) = serve::listener().await;
        let authority = std::env::temp_dir().join(format!(
            "beacon-ca-{}-{}.pem",
            std::process::id(),
            address.port()
        ));
        std::fs::write(&authority, authority_pem).expect("the temporary folder takes a file");
        let (cut, cuts) = watch::channel(0);
        let connections = Arc::new(AtomicUsize::new(0));
        let accepted = connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::SeqCst);
                let mut cuts = cuts.clone();
                cuts.mark_unchanged();
                let forwarded = forward(acceptor.clone(), stream, target);
                tokio::spawn(async move {
                    tokio::select! {
                        () = forwarded => {}
                        _ = cuts.changed() => {}
                    }
                });
            }
        });
        TlsFront {
            address,
            authority,
            cut,
            connections,
        }
    }

    /// What to connect to, as `https://localhost:<port>`.
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// A PEM file of the authority that signed the certificate; gone with this value.
    pub fn authority(&self) -> &Path {
        &self.authority
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Closes every open connection, as a service does with those that were idle for too long.
    pub fn close_connections(&self) {
        self.cut.send_modify(|count| *count += 1);
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.authority) {
            assert!(
                std::thread::panicking(),
                "cannot remove {}: {error}",
                self.authority.display()
            );
        }
    }
}

async fn forward(acceptor: TlsAcceptor, stream: TcpStream, target: SocketAddr) {
    stream.set_nodelay(true).expect("a TCP socket");
    let Ok(mut client) = acceptor.accept(stream).await else {
        return;
    };
    let Ok(mut server) = TcpStream::connect(target).await else {
        return;
    };
    server.set_nodelay(true).expect("a TCP socket");
    // Either side may go away at any time: that is what tests do.
    drop(copy_bidirectional(&mut client, &mut server).await);
}

fn acceptor() -> (TlsAcceptor, String) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("ring makes keys");
    let authority = CertifiedIssuer::self_signed(authority, key).expect("parameters of constants");
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let leaf_key = KeyPair::generate().expect("ring makes keys");
    let leaf = CertificateParams::new(names)
        .and_then(|leaf| leaf.signed_by(&leaf_key, &authority))
        .expect("parameters of constants");
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
    let mut config =
        ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has the default versions")
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], private)
            .expect("the certificate of this key");
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    (TlsAcceptor::from(Arc::new(config)), authority.pem())
}
