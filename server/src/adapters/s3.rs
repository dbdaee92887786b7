//! A bucket of a storage that speaks S3. Requests are signed and answers read by `rusty-s3`; what is sent is sent here: parts
//! that fit into memory, each with its hash, and again where an answer may have been lost on the way.

use crate::config::{S3Access, Trouble};
use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    header::{CONTENT_LENGTH, DATE, ETAG, HeaderMap},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use md5::{Digest as _, Md5};
use rusty_s3::{
    Bucket, S3Action, UrlStyle,
    actions::{CreateMultipartUpload, ListObjectsV2, ListObjectsV2Response},
};
use services::{
    backup::Failure,
    ports::clock::{Clock as _, SystemClock},
};
use std::{fmt::Write as _, fs, io, path::Path, time::Duration};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use url::Url;

/// Bytes that are sent at once, and so are in memory. The least that S3 takes of a part is 5 MiB.
const PART: u64 = 16 * 1024 * 1024;
/// Parts that an object may have.
const PARTS: u64 = 10_000;
/// How long a connection may take, an answer to begin, and the next bytes of it to come.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes in a second that are the least of a line.
const SLOWEST: u64 = 64 * 1024;
/// How long to wait before the second and the third try.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(3)];
/// And where bytes are on their way: a storage that is started anew must not cost all that came there before.
const PAUSES_OF_A_PART: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(3),
    Duration::from_secs(10),
    Duration::from_secs(20),
    Duration::from_secs(45),
];
/// How long a storage may take to put the parts of a large object together.
const JOINING: Duration = Duration::from_mins(10);
/// How long a signature holds: all tries of a part on the slowest line.
const SIGNED: Duration = Duration::from_hours(1);
/// What is read of an answer that is no object: the list of 1,000 of them has less.
const ANSWER: usize = 4 * 1024 * 1024;
/// Pages of a list, of 1,000 objects each: more are none of ours, or a list without an end.
const PAGES: usize = 1_000;
/// A storage takes no request of a clock that is off by more.
const SKEW_SECONDS: i64 = 15 * 60;

/// Of what was begun and may not go on.
const STOPPED: &str = "The program was stopped, or it took longer than it may.";

/// An object of a bucket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Object {
    /// Its whole name.
    pub key: String,
    /// Its size.
    pub bytes: u64,
}

/// A bucket.
pub struct S3 {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    access: S3Access,
    bucket: Bucket,
    part: u64,
    stop: CancellationToken,
}

/// A request, signed.
struct Call {
    method: Method,
    url: Url,
    /// As S3 wants it with what has a body.
    md5: Option<String>,
    body: Bytes,
    /// How long the answer may take to begin, and then to come.
    patience: Duration,
}

impl Call {
    fn of<'a, A: S3Action<'a>>(action: A) -> Self {
        Self::with(action, Bytes::new())
    }

    fn with<'a, A: S3Action<'a>>(mut action: A, body: Bytes) -> Self {
        let md5 = (!body.is_empty()).then(|| BASE64.encode(Md5::digest(&body)));
        if let Some(md5) = &md5 {
            action.headers_mut().insert("content-md5", md5.clone());
        }
        let method = Method::from_bytes(A::METHOD.to_str().as_bytes()).unwrap_or_default();
        Self { method, url: action.sign(SIGNED), md5, body, patience: PATIENCE }
    }

    fn request(&self) -> Result<Request<Full<Bytes>>, Miss> {
        let mut request = Request::builder().method(&self.method).uri(self.url.as_str());
        if let Some(md5) = &self.md5 {
            request = request.header("content-md5", md5);
        }
        let body = Full::new(self.body.clone());
        request.body(body).map_err(|_| Miss::Lasting("The address of the storage is none.".into()))
    }
}

/// Why a try was in vain: a sentence for the operator.
enum Miss {
    /// The next one may succeed.
    Passing(String),
    /// It won't.
    Lasting(String),
}

impl From<io::Error> for Miss {
    fn from(error: io::Error) -> Self {
        Self::Lasting(format!("The backup can't be read or written: {error}."))
    }
}

impl S3 {
    /// The bucket of that name. Once `stop` is cancelled, nothing more is sent.
    ///
    /// # Errors
    /// If the machine has no certificates to trust, or the address is none.
    pub fn new(access: &S3Access, bucket: &str, stop: CancellationToken) -> Result<Self, Trouble> {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(PATIENCE / 3));
        let roots = HttpsConnectorBuilder::new().with_native_roots().map_err(|error| {
            Trouble::new(format!(
                "This machine has no certificates to trust ({error}), so no backup goes to S3. Install them (ca-certificates)."
            ))
        })?;
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .build(roots.https_or_http().enable_http1().wrap_connector(connector));
        let named =
            Bucket::new(access.endpoint.clone(), UrlStyle::Path, bucket.to_owned(), access.region.clone());
        let bucket =
            named.map_err(|error| Trouble::new(format!("PMS_BACKUP_S3_ENDPOINT is no address: {error}.")))?;
        Ok(Self { client, access: access.clone(), bucket, part: PART, stop })
    }

    /// In smaller parts, so that a test has several.
    #[cfg(test)]
    #[must_use]
    pub const fn in_parts_of(mut self, bytes: u64) -> Self {
        self.part = bytes;
        self
    }

    /// As when the program is asked to stop.
    #[cfg(test)]
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Its objects whose names begin so, without those in folders below, as far as they are `wanted`; by name.
    ///
    /// # Errors
    /// [`Failure::Refused`] with what to do.
    pub async fn list(&self, prefix: &str, wanted: impl Fn(&str) -> bool) -> Result<Vec<Object>, Failure> {
        let mut all = Vec::new();
        let mut token: Option<String> = None;
        for _ in 0..PAGES {
            let page = self.page(prefix, token.as_deref()).await?;
            for it in page.contents.into_iter().filter(|it| wanted(&it.key)) {
                // Hardly a storage leaves it out.
                let bytes = match it.size {
                    Some(bytes) => bytes,
                    None => self.size(&it.key).await?,
                };
                all.push(Object { key: it.key, bytes });
            }
            match page.next_continuation_token {
                None => return Ok(all),
                same if same == token => break,
                next => token = next,
            }
        }
        Err(Failure::Refused(format!(
            "The list of {} at {} does not end. See PMS_BACKUP_S3 and PMS_BACKUP_S3_ENDPOINT.",
            self.name(prefix),
            self.access.endpoint
        )))
    }

    async fn page(&self, prefix: &str, token: Option<&str>) -> Result<ListObjectsV2Response, Failure> {
        let mut action = self.bucket.list_objects_v2(Some(&self.access.credentials));
        action.with_prefix(prefix);
        action.with_delimiter("/");
        if let Some(token) = token {
            action.with_continuation_token(token);
        }
        let (_, text) = self.ask(&Call::of(action)).await?;
        ListObjectsV2::parse_response(&text).map_err(|_| self.unclear())
    }

    /// Sends the file there under this name, and sees that all of it came. What has that name there is written over, so
    /// nothing that is needed may have it.
    ///
    /// # Errors
    /// [`Failure::Refused`] with what to do; what came there in another size was removed. [`Failure::Io`] where the file
    /// can't be read.
    pub async fn put(&self, key: &str, path: &Path) -> Result<(), Failure> {
        let mut file = File::open(path).await?;
        let bytes = file.metadata().await?.len();
        if bytes <= self.part {
            let action = self.bucket.put_object(Some(&self.access.credentials), key);
            let body = read(&mut file, bytes).await?;
            self.send_part(Call::with(action, body)).await?;
        } else {
            self.put_in_parts(key, (&mut file, bytes)).await?;
        }
        let there = self.size(key).await?;
        if there == bytes {
            return Ok(());
        }
        let name = self.name(key);
        let gone = match self.delete(key).await {
            Ok(()) => "It was removed there.".to_owned(),
            Err(failure) => format!("It could not be removed there: {failure}"),
        };
        Err(Failure::Refused(format!("{name} came there with {there} bytes instead of {bytes}. {gone}")))
    }

    async fn put_in_parts(&self, key: &str, file: (&mut File, u64)) -> Result<(), Failure> {
        let credentials = Some(&self.access.credentials);
        let begin = Call::of(self.bucket.create_multipart_upload(credentials, key));
        let (_, text) = self.ask(&begin).await?;
        let begun = CreateMultipartUpload::parse_response(&text).map_err(|_| self.unclear())?;
        let id = begun.upload_id();
        let done = self.send_parts((key, id), file).await;
        if done.is_err() {
            // Parts that belong to nothing cost as much as others. Also where the program was asked to stop.
            let abort = Call::of(self.bucket.abort_multipart_upload(credentials, key, id));
            if let Err(Miss::Passing(why) | Miss::Lasting(why)) = self.answer(&abort).await {
                tracing::warn!(why, key, "the parts that were sent could not be removed");
            }
        }
        done
    }

    async fn send_parts(&self, (key, id): (&str, &str), file: (&mut File, u64)) -> Result<(), Failure> {
        let (file, bytes) = file;
        let credentials = Some(&self.access.credentials);
        let size = self.part.max(bytes.div_ceil(PARTS));
        let (mut tags, mut left) = (Vec::new(), bytes);
        for number in 1_u16.. {
            if left == 0 {
                break;
            }
            let body = read(file, size.min(left)).await?;
            left -= body.len() as u64;
            let action = self.bucket.upload_part(credentials, key, number, id);
            tags.push(self.send_part(Call::with(action, body)).await?);
        }
        let tags = || tags.iter().map(String::as_str);
        let body = self.bucket.complete_multipart_upload(credentials, key, id, tags()).body();
        let action = self.bucket.complete_multipart_upload(credentials, key, id, tags());
        let call = Call { patience: JOINING, ..Call::with(action, body.into()) };
        self.join((key, bytes), &call).await
    }

    /// Has the parts put together to an object of so many bytes.
    async fn join(&self, (key, bytes): (&str, u64), call: &Call) -> Result<(), Failure> {
        let joining = async || {
            let (_, text) = self.answer(call).await?;
            // A storage says 200 before it has put them together, and then perhaps that it could not.
            match code(&text) {
                "" => Ok(()),
                said => Err(self.refused(StatusCode::OK, 0, (said, call))),
            }
        };
        match self.again(&PAUSES, joining).await {
            // The answer that said yes may be the one that was lost.
            Err(failure) if self.size(key).await.ok() != Some(bytes) => Err(failure),
            _ => Ok(()),
        }
    }

    /// Sends a body and gives the tag that the storage gave it. Where that is its hash, it has to be the right one.
    async fn send_part(&self, call: Call) -> Result<String, Failure> {
        let (headers, _) = self.again(&PAUSES_OF_A_PART, async || self.answer(&call).await).await?;
        let tag = headers.get(ETAG).and_then(|tag| tag.to_str().ok()).ok_or_else(|| self.unclear())?;
        let sealed = headers
            .get("x-amz-server-side-encryption")
            .is_some_and(|how| how.as_bytes().starts_with(b"aws:kms"));
        let plain = tag.trim_matches('"');
        let hash = Md5::digest(&call.body).iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        if !sealed && plain.len() == hash.len() && plain != hash {
            return Err(Failure::Refused(format!(
                "The storage at {} has other bytes than were sent.",
                self.access.endpoint
            )));
        }
        Ok(tag.to_owned())
    }

    /// Reads the object into a file that is not there yet, for its owner alone.
    ///
    /// # Errors
    /// [`Failure::Refused`] with what to do.
    pub async fn get(&self, key: &str, path: &Path) -> Result<(), Failure> {
        let bytes = self.size(key).await?;
        // Each try is signed anew: the one before may have taken longer than a signature holds.
        self.again(&PAUSES, async || self.fetch((key, bytes), path).await).await
    }

    async fn fetch(&self, (key, bytes): (&str, u64), path: &Path) -> Result<(), Miss> {
        let call = Call::of(self.bucket.get_object(Some(&self.access.credentials), key));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = File::from_std(options.open(path)?);
        let broken = || Miss::Passing(format!("{} broke off on the way.", self.name(key)));
        let mut body = self.begin(&call).await?.into_body();
        let mut came = 0;
        while let Some(frame) = timeout(PATIENCE, body.frame()).await.map_err(|_| broken())? {
            let Ok(piece) = frame.map_err(|_| broken())?.into_data() else { continue };
            file.write_all(&piece).await?;
            came += piece.len() as u64;
        }
        if came != bytes {
            return Err(broken());
        }
        // What a disk says of the last bytes is said here, or never.
        file.flush().await?;
        Ok(file.sync_all().await?)
    }

    /// How many bytes the object has.
    ///
    /// # Errors
    /// [`Failure::Refused`] with what to do, also where there is none.
    pub async fn size(&self, key: &str) -> Result<u64, Failure> {
        let call = Call::of(self.bucket.head_object(Some(&self.access.credentials), key));
        let (headers, _) = self.ask(&call).await?;
        let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        length.ok_or_else(|| self.unclear())
    }

    /// Removes the object.
    ///
    /// # Errors
    /// [`Failure::Refused`] with what to do.
    pub async fn delete(&self, key: &str) -> Result<(), Failure> {
        let call = Call::of(self.bucket.delete_object(Some(&self.access.credentials), key));
        self.ask(&call).await.map(drop)
    }

    /// An answer that is no object: its headers and its text.
    async fn ask(&self, call: &Call) -> Result<(HeaderMap, String), Failure> {
        self.again(&PAUSES, async || self.answer(call).await).await
    }

    /// Tries until it succeeds, will never, or was tried often enough; or the program is asked to stop.
    async fn again<T>(
        &self,
        pauses: &[Duration],
        attempt: impl AsyncFn() -> Result<T, Miss>,
    ) -> Result<T, Failure> {
        let trying = async {
            for pause in pauses {
                match attempt().await {
                    Err(Miss::Passing(_)) => sleep(*pause).await,
                    done => return done,
                }
            }
            attempt().await
        };
        let done = self.stop.run_until_cancelled(trying).await;
        done.unwrap_or_else(|| Err(Miss::Lasting(STOPPED.into())))
            .map_err(|(Miss::Passing(why) | Miss::Lasting(why))| Failure::Refused(why))
    }

    async fn answer(&self, call: &Call) -> Result<(HeaderMap, String), Miss> {
        let (head, body) = self.begin(call).await?.into_parts();
        let text = text(body, call.patience).await.ok_or_else(|| self.away("its answer broke off"))?;
        Ok((head.headers, text))
    }

    /// An answer that says yes, of which the head has come.
    async fn begin(&self, call: &Call) -> Result<Response<Incoming>, Miss> {
        let on_the_way = Duration::from_secs(call.body.len() as u64 / SLOWEST);
        let asked = timeout(call.patience + on_the_way, self.client.request(call.request()?)).await;
        let response = asked
            .map_err(|_| self.away("it did not answer in time"))?
            .map_err(|error| self.away(&innermost(&error)))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let (head, body) = response.into_parts();
        let text = text(body, PATIENCE).await.unwrap_or_default();
        Err(self.refused(head.status, skew(&head.headers), (code(&text), call)))
    }

    fn away(&self, why: &str) -> Miss {
        Miss::Passing(format!(
            "The storage at {} cannot be reached: {why}. See that it runs, and PMS_BACKUP_S3_ENDPOINT.",
            self.access.endpoint
        ))
    }

    fn unclear(&self) -> Failure {
        Failure::Refused(format!(
            "The storage at {} gave an answer that is none of S3. See PMS_BACKUP_S3_ENDPOINT.",
            self.access.endpoint
        ))
    }

    fn refused(&self, status: StatusCode, skew: i64, (code, call): (&str, &Call)) -> Miss {
        let at = &self.access.endpoint;
        let bucket = self.bucket.name();
        let busy = matches!(code, "InternalError" | "RequestTimeout" | "ServiceUnavailable" | "SlowDown");
        if busy || status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Miss::Passing(format!("The storage at {at} is not well: it says {status} {code}."));
        }
        // Of a signature that is no longer good a storage only says that it denies; and to HEAD, nothing.
        let denied = status == StatusCode::FORBIDDEN && matches!(code, "" | "AccessDenied");
        Miss::Lasting(match (status, code) {
            _ if code == "RequestTimeTooSkewed" || denied && skew.abs() > SKEW_SECONDS => format!(
                "The clocks of this machine and of the storage at {at} are {} minutes apart, so it takes no request. Set \
                 the clock here (NTP).",
                skew.abs() / 60
            ),
            (_, "SignatureDoesNotMatch") => format!(
                "The storage at {at} says that the secret is not that of the key. See PMS_BACKUP_S3_SECRET, or the file \
                 with it."
            ),
            (_, "InvalidAccessKeyId" | "NotSignedUp") => {
                format!("The storage at {at} does not know the key. See PMS_BACKUP_S3_KEY_ID.")
            }
            (_, "NoSuchBucket") => {
                format!("There is no bucket {bucket} at {at}. Make it, or see PMS_BACKUP_S3.")
            }
            (StatusCode::NOT_FOUND, _) => format!("There is no {} at {at}.", self.path_of(call)),
            (StatusCode::FORBIDDEN, _) => format!(
                "The storage at {at} does not let this key do that in the bucket {bucket} ({status} {code}). It has to be \
                 allowed to list the bucket, and to get, put and delete objects in it."
            ),
            _ => format!(
                "The storage at {at} refuses ({status} {code}). See PMS_BACKUP_S3_ENDPOINT and PMS_BACKUP_S3_REGION."
            ),
        })
    }

    fn path_of(&self, call: &Call) -> String {
        let path = call.url.path().strip_prefix(self.bucket.base_url().path()).unwrap_or_default();
        self.name(path)
    }

    /// `s3://bucket/key`
    fn name(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket.name())
    }
}

async fn read(file: &mut File, bytes: u64) -> Result<Bytes, Failure> {
    let mut piece = Vec::with_capacity(usize::try_from(bytes).unwrap_or_default());
    file.take(bytes).read_to_end(&mut piece).await?;
    if piece.len() as u64 != bytes {
        return Err(Failure::Refused("The backup became shorter while it was sent.".into()));
    }
    Ok(piece.into())
}

async fn text(body: Incoming, patience: Duration) -> Option<String> {
    let read = timeout(patience, Limited::new(body, ANSWER).collect()).await;
    String::from_utf8(read.ok()?.ok()?.to_bytes().into()).ok()
}

/// What is between `<Code>` and its end: all that is of interest in an answer that says no.
fn code(text: &str) -> &str {
    let inner = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    let code = inner.map_or("", |(code, _)| code);
    // It goes into a sentence and the log.
    if code.len() <= 64 && code.chars().all(|c| c.is_ascii_alphanumeric()) { code } else { "" }
}

/// Seconds that our clock is ahead of the one that answered.
fn skew(headers: &HeaderMap) -> i64 {
    let date = headers.get(DATE).and_then(|date| date.to_str().ok());
    let there = date.and_then(|date| OffsetDateTime::parse(date, &Rfc2822).ok());
    let now = SystemClock.now().micros() / 1_000_000;
    there.map_or(0, |there| now - there.unix_timestamp())
}

fn innermost(error: &hyper_util::client::legacy::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusty_s3::Credentials;
    use tokio::{
        io::{AsyncBufReadExt as _, BufReader},
        net::TcpListener,
    };

    /// A status, a header and a body.
    type Answer = (&'static str, &'static str, &'static str);

    /// A bucket of a storage that gives these answers, one request after the other.
    async fn answered(answers: Vec<Answer>) -> S3 {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            for (status, header, body) in answers {
                let (stream, _) = listener.accept().await.expect("a connection");
                let mut stream = BufReader::new(stream);
                let (mut line, mut length) = (String::new(), 0);
                while stream.read_line(&mut line).await.expect("a line") > 2 {
                    let said = line.to_ascii_lowercase();
                    length = said
                        .strip_prefix("content-length:")
                        .map_or(length, |it| it.trim().parse().expect("a number"));
                    line.clear();
                }
                stream.read_exact(&mut vec![0; length]).await.expect("a body");
                let answer = format!("HTTP/1.1 {status}\r\nconnection: close\r\n{header}\r\n\r\n{body}");
                stream.get_mut().write_all(answer.as_bytes()).await.expect("written");
            }
        });
        let access = S3Access {
            endpoint: endpoint.parse().expect("an address"),
            region: "us-east-1".into(),
            credentials: Credentials::new("id", "secret"),
        };
        S3::new(&access, "saved", CancellationToken::new()).expect("certificates")
    }

    async fn joined(answers: Vec<Answer>) -> Result<(), Failure> {
        let s3 = answered(answers).await;
        let call = Call::of(s3.bucket.get_object(Some(&s3.access.credentials), "a"));
        s3.join(("a", 7), &call).await
    }

    #[tokio::test]
    async fn parts_are_together_where_the_storage_says_so_or_the_object_is_there() {
        let busy = ("200 OK", "x: y", "<Error><Code>InternalError</Code></Error>");
        joined(vec![busy, ("200 OK", "x: y", "<CompleteMultipartUploadResult/>")])
            .await
            .expect("the second time");
        let gone = ("404 Not Found", "x: y", "<Error><Code>NoSuchUpload</Code></Error>");
        joined(vec![gone, ("200 OK", "content-length: 7", "")]).await.expect("the first answer was lost");
        let wrong = ("200 OK", "x: y", "<Error><Code>InvalidPart</Code></Error>");
        let failure = joined(vec![wrong, ("404 Not Found", "x: y", "")]).await.expect_err("there is nothing");
        assert!(failure.to_string().contains("InvalidPart"), "{failure}");
    }

    #[tokio::test]
    async fn a_list_without_sizes_is_asked_and_one_without_an_end_refused() {
        let page = "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Contents><Key>a</Key></Contents>\
                    <Contents><Key>b</Key></Contents></ListBucketResult>";
        let s3 = answered(vec![("200 OK", "x: y", page), ("200 OK", "content-length: 5", "")]).await;
        let all = s3.list("", |key| key == "b").await.expect("listed");
        assert_eq!(all, [Object { key: "b".into(), bytes: 5 }]);
        let again = "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                     <NextContinuationToken>t</NextContinuationToken></ListBucketResult>";
        let s3 = answered(vec![("200 OK", "x: y", again), ("200 OK", "x: y", again)]).await;
        let sentence = s3.list("", |_| true).await.expect_err("it goes on").to_string();
        assert!(sentence.contains("does not end"), "{sentence}");
    }

    #[tokio::test]
    async fn what_came_in_another_size_is_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        fs::write(&path, "whole").expect("written");
        let came = ("200 OK", "etag: \"x\"\r\ncontent-length: 0", "");
        let s3 =
            answered(vec![came, ("200 OK", "content-length: 3", ""), ("204 No Content", "x: y", "")]).await;
        let sentence = s3.put("a", &path).await.expect_err("it is cut").to_string();
        assert!(sentence.contains("3 bytes instead of 5. It was removed"), "{sentence}");
    }

    #[test]
    fn of_a_refusal_its_code_is_read_and_nothing_that_could_be_anything() {
        assert_eq!(code("<Error><Code>NoSuchBucket</Code><Message>x</Message></Error>"), "NoSuchBucket");
        for other in ["", "<html>", "<Code>", "<Code>a\nb</Code>"] {
            assert_eq!(code(other), "");
        }
    }

    #[test]
    fn clocks_that_are_apart_are_noticed() {
        let of = |text: &'static str| skew(&HeaderMap::from_iter([(DATE, text.parse().expect("a header"))]));
        assert!(of("Sat, 17 Jan 2026 12:00:00 GMT") > SKEW_SECONDS);
        assert!(of("Sat, 17 Jan 2126 12:00:00 GMT") < -SKEW_SECONDS);
        assert_eq!(of("soon"), 0);
    }
}
