// SPDX-License-Identifier: MIT
#include "client.hpp"

#include <algorithm>
#include <curl/curl.h>
#include <memory>

#include "../os/interrupt.hpp"
#include "header.hpp"

namespace wasmup::http {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

template <auto close>
struct Closer {
  void operator()(auto* handle) const { close(handle); }
};
using Easy = std::unique_ptr<CURL, Closer<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Closer<curl_multi_cleanup>>;
using Url = std::unique_ptr<CURLU, Closer<curl_url_cleanup>>;
using List = std::unique_ptr<curl_slist, Closer<curl_slist_free_all>>;

/// libcurl wants this once before all else, and while there is one thread.
void set_up_library() {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(once);
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const size_t first = text.find_first_not_of(space);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// The headers of one answer as libcurl gives them, line by line: the final header block after any 1xx ones,
/// and what follows the body, which are the trailers. (libcurl 7.88 has no other way for all of these.)
class HeaderReader {
 public:
  void add(std::string_view line, Response& response) {
    if (block_ended_ && line.starts_with("HTTP/")) {
      response.headers.clear();
      block_ended_ = false;
    } else if (trim(line).empty()) {
      block_ended_ = true;
    } else if (const size_t colon = line.find(':'); colon != line.npos) {
      Headers& headers = block_ended_ ? response.trailers : response.headers;
      headers.emplace_back(lower(line.substr(0, colon)), trim(line.substr(colon + 1)));
    }
  }

 private:
  bool block_ended_ = true;
};

bool is_loopback(const std::string& url) {
  const Url parsed(curl_url());
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return false;
  char* part = nullptr;
  if (curl_url_get(parsed.get(), CURLUPART_HOST, &part, 0) != CURLUE_OK) return false;
  const std::unique_ptr<char, Closer<curl_free>> owner(part);
  const std::string host = lower(part);
  return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]";
}

std::optional<Error> check(const Request& request) {
  bool ok = is_one_line(request.method) && is_one_line(request.url) && is_one_line(request.connect_to);
  for (const auto& [name, value] : request.headers)
    ok = ok && !name.empty() && is_one_line(name) && is_one_line(value);
  if (ok) return std::nullopt;
  return Error{ExitCode::usage, "cannot send this request to " + request.url,
               "a line end or a NUL in its method, its URL or a header, or a header without a name", ""};
}

/// One request and its answer in the making; used again for the next one, with what it allocated.
class Exchange {
 public:
  explicit Exchange(const Request& request) : request_(request), handle_(curl_easy_init()) {
    curl_slist* list = nullptr;
    const auto add = [&list](const std::string& line) { list = curl_slist_append(list, line.c_str()); };
    // "name;" is how libcurl is told of an empty value, "name:" how it is told to leave its own header out.
    for (const auto& [name, value] : request.headers) add(value.empty() ? name + ";" : name + ": " + value);
    add("Expect:");
    if (!request.body.empty() && !sets("content-type")) add("Content-Type:");
    list_.reset(list);

    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_HTTPHEADER, list_.get());
    set(CURLOPT_HTTP_VERSION,
        static_cast<long>(request.version == Version::http1 ? CURL_HTTP_VERSION_1_1
                                                            : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.limit.count()));
    if (is_loopback(request.url) || !request.connect_to.empty()) set(CURLOPT_PROXY, "");
    if (!request.connect_to.empty()) {
      // "::" before it: whatever host and port the URL names.
      detour_.reset(curl_slist_append(nullptr, ("::" + request.connect_to).c_str()));
      set(CURLOPT_CONNECT_TO, detour_.get());
    }
    if (!request.socket.empty()) set(CURLOPT_UNIX_SOCKET_PATH, request.socket.c_str());
    if (request.insecure) {
      set(CURLOPT_SSL_VERIFYPEER, 0L);
      set(CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (!request.authorities.empty()) set(CURLOPT_CAINFO, request.authorities.c_str());
    if (!request.body.empty()) {
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_POSTFIELDS, request_.body.data());
    }
    if (request.method == "HEAD") set(CURLOPT_NOBODY, 1L);
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    set(CURLOPT_ERRORBUFFER, reason_);
    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION,
        static_cast<curl_write_callback>([](char* data, size_t, size_t size, void* self) {
          auto& exchange = *static_cast<Exchange*>(self);
          exchange.reader_.add({data, size}, exchange.response_);
          return size;
        }));
    set(CURLOPT_WRITEFUNCTION,
        static_cast<curl_write_callback>([](char* data, size_t, size_t size, void* self) {
          return static_cast<Exchange*>(self)->take_body({data, size}) ? size : 0;
        }));
  }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  CURL* handle() const { return handle_.get(); }

  void begin() {
    response_ = {};
    reader_ = {};
    reason_[0] = '\0';
    too_long_ = false;
  }

  Expected<Response> end(CURLcode code) {
    if (code != CURLE_OK) {
      std::string reason = reason_[0] != '\0' ? reason_ : curl_easy_strerror(code);
      if (too_long_) reason = "the body is longer than " + std::to_string(request_.most_bytes) + " bytes";
      return std::unexpected(Error{ExitCode::environment, "no answer from " + request_.url, reason, ""});
    }
    response_.status = static_cast<int>(number(CURLINFO_RESPONSE_CODE));
    response_.local_port = static_cast<uint16_t>(number(CURLINFO_LOCAL_PORT));
    curl_off_t time = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_TOTAL_TIME_T, &time);
    response_.time = std::chrono::microseconds(time);
    return std::move(response_);
  }

  /// Connections opened for the request that has just ended.
  long connections() const { return number(CURLINFO_NUM_CONNECTS); }

 private:
  bool take_body(std::string_view part) {
    too_long_ = response_.body.size() + part.size() > request_.most_bytes;
    if (!too_long_) response_.body.append(part);
    return !too_long_;
  }

  template <class T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(handle_.get(), option, value);
  }

  bool sets(std::string_view name) const {
    return std::ranges::any_of(request_.headers,
                               [name](const auto& header) { return lower(header.first) == name; });
  }

  long number(CURLINFO what) const {
    long value = 0;
    curl_easy_getinfo(handle_.get(), what, &value);
    return value;
  }

  const Request& request_;
  Easy handle_;
  List list_;
  List detour_;
  Response response_;
  HeaderReader reader_;
  char reason_[CURL_ERROR_SIZE] = {};
  bool too_long_ = false;
};

/// Exchanges under way, driven on this thread.
class Driver {
 public:
  explicit Driver(long connections) : multi_(curl_multi_init()) {
    // One request a connection at a time, also in HTTP/2; and every connection is kept for the next one.
    curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, connections);
  }
  ~Driver() {
    for (Exchange* exchange : under_way_) curl_multi_remove_handle(multi_.get(), exchange->handle());
  }
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  void begin(Exchange& exchange) {
    exchange.begin();
    curl_multi_add_handle(multi_.get(), exchange.handle());
    under_way_.push_back(&exchange);
  }

  bool busy() const { return !under_way_.empty(); }

  /// Moves data, and returns an exchange that has ended, if there is one.
  std::optional<std::pair<Exchange*, CURLcode>> next_ended() {
    int still_running = 0;
    if (!has_messages_) curl_multi_perform(multi_.get(), &still_running);
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
    has_messages_ = left > 0;
    if (message == nullptr) return std::nullopt;
    const CURLcode code = message->data.result;
    CURL* handle = message->easy_handle;
    Exchange* exchange = nullptr;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &exchange);
    curl_multi_remove_handle(multi_.get(), handle);
    std::erase(under_way_, exchange);
    return std::pair(exchange, code);
  }

  /// Waits for the network, an Interrupt or the end of the time.
  void wait(milliseconds limit) {
    curl_waitfd wake{os::Interrupt::wake_descriptor(), CURL_WAIT_POLLIN, 0};
    curl_multi_poll(multi_.get(), &wake, wake.fd >= 0 ? 1 : 0, static_cast<int>(limit.count()), nullptr);
  }

 private:
  Multi multi_;
  std::vector<Exchange*> under_way_;
  bool has_messages_ = false;
};

constexpr milliseconds poll_limit{1000};

Error interrupted(const Request& request) {
  return {ExitCode::interrupted, "no answer from " + request.url, "interrupted", ""};
}

}  // namespace

std::vector<std::string> values(const Headers& headers, std::string_view name) {
  std::vector<std::string> found;
  for (const auto& [header, value] : headers) {
    if (header == name) found.push_back(value);
  }
  return found;
}

std::vector<std::string> Response::values(std::string_view name) const { return http::values(headers, name); }

Expected<Response> send(const Request& request) {
  set_up_library();
  if (const auto error = check(request)) return std::unexpected(*error);
  Exchange exchange(request);
  Driver driver(1);
  driver.begin(exchange);
  for (;;) {
    if (os::Interrupt::requested()) return std::unexpected(interrupted(request));
    if (const auto ended = driver.next_ended()) return exchange.end(ended->second);
    driver.wait(poll_limit);
  }
}

Expected<LoadResult> send_load(const Load& load) {
  set_up_library();
  if (const auto error = check(load.request)) return std::unexpected(*error);
  const Clock::time_point deadline = Clock::now() + load.limit;
  const int64_t connections = std::clamp<int64_t>(load.connections, 1, std::max<int64_t>(load.total, 1));
  std::vector<std::unique_ptr<Exchange>> exchanges;  // outlives the driver, which takes them off its hands
  Driver driver(connections);
  LoadResult result;
  int64_t begun = 0;
  for (; begun < connections && begun < load.total; ++begun) {
    exchanges.push_back(std::make_unique<Exchange>(load.request));
    driver.begin(*exchanges.back());
  }
  while (driver.busy() && Clock::now() < deadline) {
    if (os::Interrupt::requested()) return std::unexpected(interrupted(load.request));
    const auto ended = driver.next_ended();
    if (!ended) {
      driver.wait(std::min(poll_limit, std::chrono::ceil<milliseconds>(deadline - Clock::now())));
      continue;
    }
    Exchange& exchange = *ended->first;
    result.connections += exchange.connections();
    const Expected<Response> response = exchange.end(ended->second);
    std::string problem;
    if (response) {
      ++result.by_status[response->status];
      if (load.accept) problem = load.accept(*response);
    } else {
      problem = response.error().seen;
    }
    if (!problem.empty() && result.failed++ == 0) result.first_failure = problem;
    ++result.sent;
    if (load.each) load.each(result.sent);
    if (begun < load.total) {
      ++begun;
      driver.begin(exchange);
    }
  }
  return result;
}

}  // namespace wasmup::http
