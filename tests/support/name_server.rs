//! A name server in this process that knows some TXT records, or says nothing at all.

use std::collections::HashMap;
use std::net::SocketAddr;
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

pub struct NameServer {
    pub address: SocketAddr,
    server: Option<JoinHandle<()>>,
    _silent: Option<UdpSocket>,
}

impl NameServer {
    pub async fn start(records: &[(&str, &str)]) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let records: HashMap<String, String> =
            records.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let serve = async move {
            let mut query = [0; 1500];
            while let Ok((length, who)) = socket.recv_from(&mut query).await {
                let _sent = socket.send_to(&answer(&query[..length], &records), who).await;
            }
        };
        Self { address, server: Some(tokio::spawn(serve)), _silent: None }
    }

    pub async fn silent() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        Self { address: socket.local_addr().unwrap(), server: None, _silent: Some(socket) }
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.server.iter().for_each(JoinHandle::abort);
    }
}

/// RFC 1035 §4: header, question, and a TXT answer where there is one; else that there is no such name.
fn answer(query: &[u8], records: &HashMap<String, String>) -> Vec<u8> {
    let (mut at, mut labels) = (12, Vec::new());
    while query[at] != 0 {
        let length = usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..=at + length]).to_lowercase());
        at += length + 1;
    }
    let question = &query[12..at + 5];
    let text_asked = query[at + 1..at + 3] == [0, 16];
    let found = records.get(&labels.join(".")).filter(|_| text_asked);
    let (code, answers) = if found.is_some() { (0x80, 1) } else { (0x83, 0) };
    let mut said = vec![query[0], query[1], 0x81, code, 0, 1, 0, answers, 0, 0, 0, 0];
    said.extend_from_slice(question);
    if let Some(text) = found {
        let mut data = Vec::new();
        for some in text.as_bytes().chunks(255) {
            data.push(u8::try_from(some.len()).unwrap());
            data.extend_from_slice(some);
        }
        said.extend_from_slice(&[0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        said.extend_from_slice(&u16::try_from(data.len()).unwrap().to_be_bytes());
        said.extend_from_slice(&data);
    }
    said
}
