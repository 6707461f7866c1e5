# A formula for a Homebrew tap. @VERSION@, @URL@ and @SHA256@ are set by the release workflow to the tag's source archive.
class Trail403 < Formula
  desc "Says who was refused what in AWS CloudTrail log files, and why"
  homepage "@HOMEPAGE@"
  url "@URL@"
  sha256 "@SHA256@"
  license "Apache-2.0"
  version "@VERSION@"

  depends_on xcode: ["26.0", :build]
  uses_from_macos "swift" => :build, since: :sequoia
  uses_from_macos "sqlite"
  uses_from_macos "zlib"

  def install
    system "swift", "build", "--disable-sandbox", "-c", "release", "--product", "trail403"
    bin.install ".build/release/trail403"
    generate_completions_from_executable(bin/"trail403", "--generate-completion-script", shells: [:bash, :zsh, :fish])
  end

  test do
    (testpath/"AWSLogs/a.json").write <<~JSON
      {"Records": [{"eventVersion": "1.11", "eventID": "00000000-0000-4000-8000-000000000001",
        "eventTime": "2026-11-19T00:00:00Z", "eventSource": "s3.amazonaws.com", "eventName": "GetObject",
        "awsRegion": "us-east-1", "errorCode": "AccessDenied", "errorMessage": "Access Denied",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/a", "accountId": "111122223333"}}]}
    JSON
    assert_match "1 principal", shell_output("#{bin}/trail403 analyze AWSLogs --service all")
  end
end
