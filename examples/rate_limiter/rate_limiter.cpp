// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include <wasmup/json.hpp>
#include <wasmup/wasmup.hpp>

using std::chrono::nanoseconds;
using std::chrono::seconds;

/// The plugin configuration: so many requests in so many seconds, for each client.
struct Limit : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    if (!wasmup::read_configuration(configuration, *this)) return false;
    const char* const wrong = what_is_wrong();
    if (wrong != nullptr) {
      wasmup::log::error("plugin configuration: ", wrong);
      return false;
    }
    interval = nanoseconds(seconds(per_seconds)) / limit;
    const auto plugin = wasmup::attributes::plugin_name();
    name.assign(*plugin).append("/");
    return true;
  }

  uint32_t limit = 0;
  uint32_t per_seconds = 1;
  std::string key;
  uint32_t buckets = 10000;

  static constexpr auto json = wasmup::json_fields(
      wasmup::required("limit", &Limit::limit), wasmup::optional("per_seconds", &Limit::per_seconds),
      wasmup::optional("key", &Limit::key), wasmup::optional("buckets", &Limit::buckets));

  nanoseconds interval{};  ///< from one token to the next
  std::string name;        ///< what the buckets' names in shared data begin with: each plugin has its own

 private:
  const char* what_is_wrong() const {
    if (limit == 0 || limit > 1'000'000) return "\"limit\" must be 1 to 1000000";
    if (per_seconds == 0 || per_seconds > 86'400) return "\"per_seconds\" must be 1 to 86400";
    if (buckets == 0 || buckets > 1'000'000) return "\"buckets\" must be 1 to 1000000";
    if (!key.empty() && !wasmup::HeaderName(key).valid()) return "\"key\" must be a header's name";
    return nullptr;
  }
};

/// Who is counted: a hash, so that there are no more buckets than configured, and no keys in shared memory.
class Client {
 public:
  /// FNV-1a. `kind` keeps a header's value apart from an address that reads the same.
  Client(char kind, std::string_view text) {
    add(kind);
    for (const char c : text) add(c);
  }

  uint32_t bucket(uint32_t buckets) const { return static_cast<uint32_t>(hash_ % buckets); }

 private:
  void add(char c) { hash_ = (hash_ ^ static_cast<uint8_t>(c)) * 0x100000001b3; }

  uint64_t hash_ = 0xcbf29ce484222325;
};

/// What is in a client's bucket once a request has asked for a token. It is kept as a single number, the time
/// at which the bucket is full again: each token taken puts that off by the time in which one flows in.
class Bucket {
 public:
  /// Takes a token, if there is one: so that no two workers take the same one. Nothing when shared data
  /// fails.
  static std::optional<Bucket> take(const Limit& limit, Client client) {
    const nanoseconds now = wasmup::monotonic_now().time_since_epoch();
    const nanoseconds full_window = limit.interval * limit.limit;
    Bucket bucket(limit.interval);
    nanoseconds full_at;
    std::string name = limit.name;
    name.append(wasmup::Decimal(client.bucket(limit.buckets)).view());
    const auto updated = wasmup::update_shared_data(name, [&](std::optional<std::string_view> old) {
      full_at = now;
      if (old && old->size() == sizeof(full_at)) std::memcpy(&full_at, old->data(), sizeof(full_at));
      // Below, there would be more tokens than fit in; above, after the limit has been changed, fewer than
      // none.
      full_at = std::clamp(full_at, now, now + full_window);
      bucket.was_empty_ = full_at + limit.interval > now + full_window;
      if (!bucket.was_empty_) full_at += limit.interval;
      return std::string_view(reinterpret_cast<const char*>(&full_at), sizeof(full_at));
    });
    if (!updated) return std::nullopt;
    bucket.full_in_ = full_at - now;
    bucket.left_ = full_window - bucket.full_in_;
    return bucket;
  }

  /// There was no token for this request.
  bool was_empty() const { return was_empty_; }
  /// How many more there are.
  int64_t tokens() const { return left_ / interval_; }
  /// Until there is one more.
  seconds until_next() const { return std::chrono::ceil<seconds>(interval_ - left_ % interval_); }
  /// Until all are there.
  seconds until_full() const { return std::chrono::ceil<seconds>(full_in_); }

 private:
  explicit Bucket(nanoseconds interval) : interval_(interval) {}

  nanoseconds interval_;
  nanoseconds full_in_{};
  nanoseconds left_{};
  bool was_empty_ = false;
};

/// Answers 429 to clients that ask more often than the plugin configuration allows.
struct RateLimiter : wasmup::HttpFilter<Limit> {
  void on_request_headers(wasmup::RequestHeaders headers) {
    bucket_ = Bucket::take(root(), client(headers));
    if (!bucket_) {
      wasmup::log::warn("a request passes uncounted: shared data does not work");
      return;
    }
    if (!bucket_->was_empty()) return;
    wasmup::send_local_response({.status = 429,
                                 .headers = {{"retry-after", wasmup::Decimal(bucket_->until_next().count())}},
                                 .body = "too many requests\n",
                                 .details = "rate_limited"})
        .ignore();
  }

  /// Of the upstream's responses, and of the filter's own.
  void on_response_headers(wasmup::ResponseHeaders headers) {
    if (!bucket_) return;
    headers.set("x-ratelimit-limit", wasmup::Decimal(root().limit)).ignore();
    headers.set("x-ratelimit-remaining", wasmup::Decimal(bucket_->tokens())).ignore();
    headers.set("x-ratelimit-reset", wasmup::Decimal(bucket_->until_full().count())).ignore();
  }

 private:
  /// By the header, if there is one; else by the address without its port, which each connection has anew.
  Client client(wasmup::RequestHeaders headers) const {
    const auto key = headers.get(root().key);  // no header has the name "", of none configured
    if (key) return Client('k', *key);
    const auto address = wasmup::attributes::source_address();
    return Client('a', address->view().substr(0, address->view().rfind(':')));
  }

  std::optional<Bucket> bucket_;
};

WASMUP_REGISTER(RateLimiter)
