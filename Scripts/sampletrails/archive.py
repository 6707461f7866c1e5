"""Puts the records into log files in AWS's folder layout, with everything that a real archive has besides."""

import hashlib
import zlib

from . import company, signing
from .records import HOUR, ORGANIZATION, PROD, Chance, compact, compact_json, folder, iso, moment

BUCKET, TRAIL, EU_TRAIL = "example-corp-trails", "organization-trail", "eu_messaging.trail"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
DIGEST_DAY = "11-19"


class Archive:
    """The files of SampleTrails/AWSLogs, and what they hold."""

    def __init__(self):
        self.files = {}  # path -> bytes
        self.records = {}  # path of a CloudTrail or NetworkActivity log file -> its readable records
        self.delivered = {}  # path -> moment
        self.whole = {}  # path of the damaged file -> all records that it was delivered with
        self.plain = {}  # path -> uncompressed bytes, as delivered
        self.lost = []  # records behind the cut of the damaged file
        self.kinds = {}  # kind -> number of files
        self.notes = {}  # name -> path

    def path(self, kind, account, region, delivered, salt="", name=None):
        unique = Chance("file", kind, account, region, delivered, salt).letters(16, LETTERS)
        name = name or f"{account}_{kind}_{region}_{compact(delivered)}_{unique}.json.gz"
        return f"AWSLogs/{ORGANIZATION}/{account}/{kind}/{region}/{folder(delivered)}/{name}"

    def add(self, kind, path, content, delivered, records=None):
        data = compact_json(content).encode()
        self.files[path], self.plain[path], self.delivered[path] = compress(data), data, delivered
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if records is not None:
            self.records[path] = records
        return path

    def log_file(self, account, region, delivered, records, kind="CloudTrail", salt="", name=None):
        path = self.path(kind, account, region, delivered, salt, name)
        assert path not in self.files, path
        return self.add(kind, path, {"Records": records}, delivered, records)


def compress(data, level=9):
    """gzip without name and time, so that the same records make the same bytes."""
    stream = zlib.compressobj(level, zlib.DEFLATED, 31)
    return stream.compress(data) + stream.flush()


def deliver(log, planted):
    """The whole archive of a log; what was planted is not lost in the damaged file."""
    archive, windows = Archive(), {}
    for account, region, t, record in sorted(log.entries, key=lambda e: (e[2], e[3]["eventID"])):
        kind = "CloudTrail-NetworkActivity" if record["eventCategory"] == "NetworkActivity" else "CloudTrail"
        hours = 12 if (account, region) == (PROD, "us-east-1") else 168
        windows.setdefault((account, kind, region, t // (hours * HOUR)), []).append((t, record))
    for (account, kind, region, window), members in sorted(windows.items()):
        chance = Chance("delivery", account, kind, region, window)
        # CloudTrail promises no order within a file; like beside like compresses best.
        members.sort(key=lambda m: (m[1]["eventSource"], str(m[1]["userAgent"]), m[1]["eventName"], m[1]["eventID"]))
        delivered = max(t for t, _ in members) + chance.between(200, 560)
        archive.log_file(account, region, delivered, [record for _, record in members], kind)
    repeat(archive)
    redeliver(archive)
    damage(archive, planted.event_ids())
    old_name(archive)
    others(archive)
    stopped_trail(archive, log)
    digests(archive)
    return archive


def between(archive, account, region, start, end):
    """Log files of one account and Region, by time of delivery."""
    start, end = (moment(text) if isinstance(text, str) else text for text in (start, end))
    return sorted(p for p in archive.records if f"/{account}/CloudTrail/{region}/" in p
                  and start <= archive.delivered[p] < end)


def repeat(archive):
    """A log file delivered twice: the same content under another name."""
    path = between(archive, PROD, "us-east-1", "11-13", "11-14")[0]
    delivered = archive.delivered[path] + 660
    again = archive.path("CloudTrail", PROD, "us-east-1", delivered, "again")
    archive.add("CloudTrail", again, {"Records": archive.records[path]}, delivered, archive.records[path])
    assert archive.files[again] == archive.files[path]
    archive.notes["repeated"], archive.notes["repetition"] = path, again


def redeliver(archive):
    """Records of one file that stand in a later one again, under the same event IDs."""
    source = between(archive, PROD, "us-east-1", "11-15", "11-16")[0]
    target = between(archive, PROD, "us-east-1", "11-16", "11-17")[0]
    errors = [record for record in archive.records[source] if "errorCode" in record]
    others = [record for record in archive.records[source] if "errorCode" not in record]
    records = archive.records[target] + errors[:8] + others[:8]
    data = compact_json({"Records": records}).encode()
    archive.records[target], archive.plain[target], archive.files[target] = records, data, compress(data)
    archive.notes["redelivered-from"], archive.notes["redelivered-in"] = source, target


def damage(archive, precious):
    """A log file whose download broke off: it ends inside a record, in the middle of a compressed block."""
    path = between(archive, PROD, "us-east-1", DIGEST_DAY, "11-20")[-1]
    records = sorted(archive.records[path], key=lambda record: record["eventID"] not in precious)
    good = len(records) - 9
    assert all(record["eventID"] not in precious for record in records[good:])
    data = archive.plain[path] = compact_json({"Records": records}).encode()
    cut = len(compact_json({"Records": records[:good]}).encode()) - len("]}") + 1 + 300
    # The flush fixes what can be recovered, whichever zlib compresses; the bytes behind it decode to nothing.
    stream = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = stream.compress(data[:cut]) + stream.flush(zlib.Z_SYNC_FLUSH)
    archive.files[path] = head + (stream.compress(data[cut:]) + stream.flush())[:24]
    archive.records[path], archive.whole[path], archive.lost = records[:good], records, records[good:]
    archive.notes["damaged"] = path


def old_name(archive):
    """One file bears the older form of name, without an underscore in front of the unique part."""
    path = between(archive, PROD, "eu-west-1", "10-28", "11-10")[0]
    stem, unique = path.removesuffix(".json.gz").rsplit("_", 1)
    renamed = f"{stem}{unique}.json.gz"
    for table in (archive.files, archive.records, archive.delivered, archive.plain):
        table[renamed] = table.pop(path)
    archive.notes["old-name"] = renamed


def others(archive):
    """One file each of the kinds that hold no events of their own: insights and sums of events."""
    region = "us-east-1"
    chance, insight = Chance("insight"), Chance("insight", "shared").uuid()
    records = [{
        "eventVersion": "1.09", "eventTime": iso(moment(when)), "awsRegion": region, "eventID": chance.uuid(),
        "eventType": "AwsCloudTrailInsight", "recipientAccountId": PROD, "sharedEventID": insight, "insightDetails": {
            "state": state, "eventSource": "sts.amazonaws.com", "eventName": "AssumeRole", "errorCode": "AccessDenied",
            "insightType": "ApiErrorRateInsight", "insightContext": {
                "statistics": {"baseline": {"average": 0.0012}, "insight": {"average": 2.2}, "insightDuration": 5,
                               "baselineDuration": 10080}}},
        "eventCategory": "Insight"} for when, state in (("11-16 16:04:00", "Start"), ("11-16 16:09:00", "End"))]
    delivered = moment("11-16 16:21:00")
    archive.add("CloudTrail-Insight", archive.path("CloudTrail-Insight", PROD, region, delivered), {"Records": records},
                delivered)

    delivered = moment("11-12 14:14:00")
    records = [{
        "eventVersion": "1.0", "accountId": PROD, "eventId": chance.uuid(), "eventCategory": "Aggregated",
        "eventType": "AwsAggregatedEvent", "awsRegion": region, "timeWindow": {
            "windowStart": "2026-11-12T14:05:00Z", "windowEnd": "2026-11-12T14:10:00Z", "windowSize": "PT5M"},
        "summary": {"primaryDimension": {"dimension": "eventName",
                                         "statistics": [{"name": "SendMessages", "value": 3}]},
                    "details": [{"dimension": "errorCode", "statistics": [{"name": "AccessDenied", "value": 3}]}]}}]
    archive.add("CloudTrail-Aggregated", archive.path("CloudTrail-Aggregated", PROD, region, delivered),
                {"Records": records}, delivered)


def stopped_trail(archive, log):
    """A second trail, in eu-west-1, that somebody stops for some hours; each log file holds the call alone."""
    region, calls = "eu-west-1", (("StopLogging", "11-19 10:20:11", "11-19 10:26:00"), ("StartLogging", "11-19 14:08:40", "11-19 14:13:00"))
    for name, when, delivered in calls:
        chance = Chance("trail", name)
        record = log.call(
            chance, moment(when), company.DAVE, "cloudtrail." + name,
            {"name": f"arn:aws:cloudtrail:{region}:{PROD}:trail/{EU_TRAIL}"}, region=region)
        log.entries.pop()
        archive.notes[name] = archive.log_file(PROD, region, moment(delivered), [record], salt=name)


def digests(archive):
    """Chains of hourly digest files of one day, signed with the archive's own keys."""
    start = moment(DIGEST_DAY)
    gone = archive.path("CloudTrail", PROD, "us-east-1", start + 15 * HOUR + 700, "gone")
    archive.notes["missing"] = gone
    archive.signatures = [
        chain(archive, "us-east-1", TRAIL, "us-east-1", range(24), gone=(15, gone), rotation=12),
        # It was copied half a day before the other.
        chain(archive, "us-west-2", TRAIL, "us-east-1", range(12)),
        chain(archive, "eu-west-1", EU_TRAIL, "eu-west-1", range(8, 11)),
        chain(archive, "eu-west-1", EU_TRAIL, "eu-west-1", range(14, 24), rotation=12),
        chain(archive, "us-east-1", TRAIL, "us-east-1", range(12, 14), suffix="_backfill", rotation=12,
              late=between(archive, PROD, "us-east-1", "11-18", DIGEST_DAY)[-1:])]
    rename(archive)


def chain(archive, region, trail, home, hours, *, gone=None, rotation=24, suffix="", late=()):
    """The digests of some hours, each signing the one before; gives the last one's signature as S3 has it."""
    start, previous = moment(DIGEST_DAY), dict.fromkeys((
        "previousDigestS3Bucket", "previousDigestS3Object", "previousDigestHashValue", "previousDigestHashAlgorithm",
        "previousDigestSignature"))
    for hour in hours:
        begin, end, key = start + hour * HOUR, start + (hour + 1) * HOUR, int(hour >= rotation)
        name = f"{PROD}_CloudTrail-Digest_{region}_{trail}_{home}_{compact(end, seconds=True)}{suffix}.json.gz"
        path = archive.path("CloudTrail-Digest", PROD, region, end, name=name)
        covered = [] if suffix else [covered_file(archive, p) for p in between(archive, PROD, region, begin, end)]
        if suffix and hour == hours[0]:
            covered = [covered_file(archive, p) for p in late]
        if gone and hour == gone[0]:
            covered.append({
                "s3Bucket": BUCKET, "s3Object": gone[1], "hashValue": Chance("gone").hex(64), "hashAlgorithm": "SHA-256",
                "newestEventTime": iso(begin + 640), "oldestEventTime": iso(begin + 310)})
        content = {
            "awsAccountId": PROD, "digestStartTime": iso(begin), "digestEndTime": iso(end), "digestS3Bucket": BUCKET,
            "digestS3Object": path, "digestPublicKeyFingerprint": signing.fingerprint(key),
            "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": max((file["newestEventTime"] for file in covered), default=None),
            "oldestEventTime": min((file["oldestEventTime"] for file in covered), default=None), **previous,
            "logFiles": covered}
        archive.add("CloudTrail-Digest", path, content, end)
        digest = hashlib.sha256(archive.plain[path]).hexdigest()
        signed = "\n".join((iso(end), f"{BUCKET}/{path}", digest, previous["previousDigestSignature"] or "null"))
        previous = {
            "previousDigestS3Bucket": BUCKET, "previousDigestS3Object": path, "previousDigestHashValue": digest,
            "previousDigestHashAlgorithm": "SHA-256", "previousDigestSignature": signing.sign(signed, key)}
    return {"Key": path, "Metadata": {"signature": previous["previousDigestSignature"], "signature-algorithm": "SHA256withRSA"}}


def rename(archive):
    """A log file that somebody gave another name; its digest knows it by its hash."""
    path = archive.notes["StartLogging"]
    renamed = path.rsplit("/", 1)[0] + "/trail-started-again.json.gz"
    for table in (archive.files, archive.records, archive.delivered, archive.plain):
        table[renamed] = table.pop(path)
    archive.notes["renamed"], archive.notes["renamed-from"] = renamed, path


def covered_file(archive, path):
    """What a digest says of a log file as it was delivered."""
    times = sorted(record["eventTime"] for record in archive.whole.get(path, archive.records[path]))
    return {"s3Bucket": BUCKET, "s3Object": path, "hashValue": hashlib.sha256(archive.plain[path]).hexdigest(),
            "hashAlgorithm": "SHA-256", "newestEventTime": times[-1], "oldestEventTime": times[0]}
