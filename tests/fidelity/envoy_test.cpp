// SPDX-License-Identifier: MIT
// The table in a real Envoy. The test is the client, the upstream and the server of call-outs, one piece at a
// time.
#include "../envoy/envoy_test.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "stopped.hpp"
#include "table_test.hpp"
#include "wire.hpp"

namespace wasmup::fidelity {
namespace {

constexpr auto plenty = std::chrono::seconds(15);
constexpr auto a_moment = std::chrono::milliseconds(5);

/// Envoy answers this path by itself.
constexpr const char* settled = "/settled";

using Lines = std::vector<std::string>;

/// One worker: the main thread tries the configuration out and keeps a VM besides the worker's.
constexpr size_t all_vms = 3;

std::string shown(const Case& played, const http1::Message& message) {
  return fidelity::shown(played, message.headers, message.body, message.trailers);
}

envoy::FailurePolicy policy(OnTrap on_trap) {
  switch (on_trap) {
    case OnTrap::open:
      return envoy::FailurePolicy::fail_open;
    case OnTrap::reload:
      return envoy::FailurePolicy::fail_reload;
    case OnTrap::close:
      break;
  }
  return envoy::FailurePolicy::fail_closed;
}

envoy::WasmFilter filter_of(const Case& played) {
  return {.module = WASMUP_PROBE,
          .name = "probe",
          .root_id = "probe",
          .configuration = played.script,
          .vm_configuration = played.options.vm_configuration,
          .failure_policy = policy(played.options.on_trap),
          .allow_on_headers_stop_iteration = played.options.allow_on_headers_stop_iteration};
}

class InEnvoy : public EnvoyTest, public testing::WithParamInterface<Case>, public Player {
 protected:
  void serve() {
    filter_ = filter_of(GetParam());
    start({.upstream = envoy::Upstream{.port = upstreams_.port()},
           .filters = {filter_},
           .discovery_folder = folder_.path(),
           .direct_response_path = settled,
           .clusters = {{"there", {.port = there_.port()}},
                        {"away", {.port = 1}},
                        {.name = "empty", .is_empty = true},
                        {.name = "full", .upstream = {.port = there_.port()}, .max_pending_requests = 0}},
           .buffer_limit = GetParam().options.buffer_limit,
           .enable_trailers = GetParam().options.enable_trailers,
           .rewrites_authority = false},
          "trace");
  }

  Lines module_log() const {
    Lines lines;
    for (const envoy::LogLine& line : log_) {
      if (line.from_module) lines.push_back(line.message);
    }
    return lines;
  }

  // ---- the client

  void stream(size_t number) override { current_ = number - 1; }

  void request(const std::string& path, const Fields& headers, bool is_whole) override {
    streams_.resize(std::max(streams_.size(), current_ + 1));
    now().client.emplace(TcpPeer::connect(server_->port()));
    Fields all{{"host", "probe"}, {"x-stream", std::to_string(current_ + 1)}};
    std::string method = is_whole ? "GET" : "POST";
    for (const auto& [name, value] : headers) {
      if (name == ":method") {
        method = value;
      } else {
        all.emplace_back(name, value);
      }
    }
    from_client(http1::head(method + " " + path + " HTTP/1.1", all, is_whole));
  }
  void request_body(const std::string& chunk) override { from_client(http1::chunk(chunk)); }
  void request_end() override { from_client(http1::end()); }
  void request_trailers(const Fields& trailers) override { from_client(http1::end(trailers)); }
  void leave() override {
    now().client->close();
    settle();
  }

  // ---- the upstream

  void respond(int status, const Fields& headers, bool is_whole) override {
    wait_until([this] { return now().upstream && now().upstream->message(); }, "a request at the upstream");
    Fields all{{"connection", "close"}};
    if (is_whole) all.emplace_back("content-length", "0");
    all.insert(all.end(), headers.begin(), headers.end());
    from_upstream(http1::head("HTTP/1.1 " + std::to_string(status) + " Some Reason", all, is_whole));
  }
  void response_body(const std::string& chunk) override { from_upstream(http1::chunk(chunk)); }
  void response_end() override { from_upstream(http1::end()); }
  void response_trailers(const Fields& trailers) override { from_upstream(http1::end(trailers)); }

  // ---- call-outs

  void answer_call(const std::string& path, int status, const std::string& body,
                   const Fields& trailers) override {
    call_for(path).send(answer_of(status, body, trailers));
  }
  void leave_and_answer_call(const std::string& path, int status, const std::string& body) override {
    Wire& call = call_for(path);
    const Stopped envoy(server_->pid());
    now().client->close();
    call.send(answer_of(status, body, {}));
  }
  void break_call(const std::string& path) override {
    Wire& call = call_for(path);
    call.send(http1::head("HTTP/1.1 200 OK", {}, false));
    call.close();
  }
  void refuse_call(const std::string&) override {}  // nobody listens there

  // ---- Envoy

  void reconfigure(const std::string& script) override {
    filter_.configuration = script;
    ASSERT_TRUE(server_->swap(filter_));
  }
  void until(const std::string& line) override {
    wait_until([&] { return std::ranges::count(module_log(), line) != 0; }, line);
  }
  void until_reloaded() override {
    wait_until([this] { return filtered({.url = settled}).status != 503; },
               "a VM in place of the trapped one");
  }

  // ---- what has come of it

  std::string upstream() const {
    return joined([](const OneStream& one) {
      const auto message = one.upstream ? one.upstream->message() : std::nullopt;
      return message ? request_of(*message) : std::string();
    });
  }
  std::string client() const {
    return joined([](const OneStream& one) {
      const auto message = one.client->message();
      std::string text;
      if (message) {
        text = message->first_line.substr(message->first_line.find(' ') + 1);
        text = text.substr(0, text.find(' ')) + shown(GetParam(), *message);
      }
      if (one.client->is_cut()) text += text.empty() ? "cut" : " cut";
      return text;
    });
  }

  std::string calls() const {
    std::string text;
    for (const Wire& wire : calls_) {
      if (const auto message = wire.message()) text += (text.empty() ? "" : " | ") + request_of(*message);
    }
    return text;
  }

  /// Reads whatever has come.
  void read() {
    server_->pump(a_moment);
    while (upstreams_.has_connection()) arrived_.emplace_back(upstreams_.accept());
    while (there_.has_connection()) calls_.emplace_back(there_.accept());
    for (Wire& wire : calls_) wire.read();
    for (Wire& wire : arrived_) wire.read();
    give_to_streams();
    for (OneStream& one : streams_) {
      if (one.client) one.client->read();
      if (one.upstream) one.upstream->read();
    }
  }
  /// The same, until `done` says so or the time is up.
  template <class Done>
  bool read_until(Done done) {
    for (const auto deadline = std::chrono::steady_clock::now() + plenty;
         std::chrono::steady_clock::now() < deadline;) {
      read();
      if (done()) return true;
    }
    return false;
  }

  void expect_crash() {
    std::string seen;
    try {
      GetParam().play(*this);
      wait_until([this] { return !server_->pump(a_moment); }, "Envoy's end");
    } catch (const std::runtime_error& error) {
      seen = error.what();  // nobody answers, say: the log decides
    }
    EXPECT_THAT(log_, testing::Contains(testing::Field(&envoy::LogLine::level, "critical"))) << seen;
  }

  /// Envoy's worker has done all that was to be done: it answers a request that came later.
  void settle() {
    server_->pump(a_moment);
    control({.url = settled});
    server_->pump(a_moment);
  }

 private:
  struct OneStream {
    std::optional<Wire> client;
    std::optional<Wire> upstream;
  };

  OneStream& now() { return streams_.at(current_); }

  static std::string request_of(const http1::Message& message) {
    return escaped(message.first_line.substr(0, message.first_line.rfind(' '))) + shown(GetParam(), message);
  }
  static std::string answer_of(int status, const std::string& body, const Fields& trailers) {
    std::string answer =
        http1::head("HTTP/1.1 " + std::to_string(status) + " Some Reason", {{"connection", "close"}}, false);
    if (!body.empty()) answer += http1::chunk(body);
    return answer + http1::end(trailers);
  }

  template <class Done>
  void wait_until(Done done, const std::string& what) {
    if (!read_until(done)) throw std::runtime_error(what + ": did not come");
  }
  /// Envoy has it, or wants no more, for now or for ever: what comes next comes after it.
  void from_client(const std::string& bytes) {
    read();
    if (now().client->is_over()) return;
    now().client->send(bytes);
    client_bytes_ += static_cast<int64_t>(bytes.size());
    wait_until(
        [this] {
          return now().client->is_over() ||
                 stat("http.filtered.downstream_cx_rx_bytes_total") >= client_bytes_ ||
                 is_paused("http.filtered.downstream_flow_control_");
        },
        "what the client sent");
  }
  void from_upstream(const std::string& bytes) {
    read();
    if (now().upstream->is_ended()) return;
    now().upstream->send(bytes);
    upstream_bytes_ += static_cast<int64_t>(bytes.size());
    wait_until(
        [this] {
          return now().upstream->is_ended() ||
                 stat("cluster.upstream.upstream_cx_rx_bytes_total") >= upstream_bytes_ ||
                 is_paused("cluster.upstream.upstream_flow_control_");
        },
        "what the upstream sent");
  }

  /// Envoy does not read on: a filter holds as much as it may.
  bool is_paused(const std::string& direction) {
    return stat(direction + "paused_reading_total") > stat(direction + "resumed_reading_total");
  }

  /// A connection to the upstream belongs to the stream whose number it bears, else to the only one.
  void give_to_streams() {
    std::erase_if(arrived_, [this](Wire& wire) {
      const auto message = wire.message();
      if (!message) return false;
      size_t number = 1;
      if (const std::string given = message->header("x-stream"); !given.empty()) number = std::stoul(given);
      streams_.at(number - 1).upstream.emplace(std::move(wire));
      return true;
    });
  }

  Wire& call_for(const std::string& path) {
    Wire* found = nullptr;
    wait_until(
        [&] {
          for (Wire& wire : calls_) {
            const auto message = wire.message();
            if (message && message->is_complete && message->first_line == "GET " + path + " HTTP/1.1")
              found = &wire;
          }
          return found != nullptr;
        },
        "the call-out for " + path);
    return *found;
  }

  template <class Show>
  std::string joined(Show show) const {
    std::string text;
    for (size_t i = 0; i != streams_.size(); ++i) text += (i == 0 ? "" : " | ") + show(streams_[i]);
    return text;
  }

  envoy::WasmFilter filter_;
  TcpListener upstreams_;
  TcpListener there_;
  std::vector<OneStream> streams_;
  size_t current_ = 0;
  std::vector<Wire> arrived_;
  std::vector<Wire> calls_;
  int64_t client_bytes_ = 0;
  int64_t upstream_bytes_ = 0;
};

TEST_P(InEnvoy, fidelity) {
  const Case& played = GetParam();
  if (played.is_refused) {
    EXPECT_THROW(serve(), std::runtime_error);
    EXPECT_EQ(module_log(), played.start);
    return;
  }
  serve();
  // The trial comes first and alone; then the two VMs that serve, at the same time.
  pump_until([&] { return module_log().size() >= all_vms * played.start.size(); });
  const Lines started = module_log();
  Lines expected;
  for (size_t i = 0; i != all_vms; ++i) {
    expected.insert(expected.end(), played.start.begin(), played.start.end());
  }
  ASSERT_THAT(started, testing::UnorderedElementsAreArray(expected));
  EXPECT_TRUE(std::equal(played.start.begin(), played.start.end(), started.begin()))
      << testing::PrintToString(started);
  log_.clear();
  if (!played.play) return;
  if (played.crashes) return expect_crash();

  played.play(*this);
  read_until([&] {
    return module_log() == played.log && upstream() == played.upstream && client() == played.client &&
           (played.calls.empty() || calls() == played.calls);
  });
  settle();
  EXPECT_EQ(module_log(), played.log);
  EXPECT_EQ(upstream(), played.upstream);
  EXPECT_EQ(client(), played.client);
  if (!played.calls.empty()) {
    EXPECT_EQ(calls(), played.calls);
  }
}

INSTANTIATE_TEST_SUITE_P(table, InEnvoy, testing::ValuesIn(every_case()), name_of_case);

}  // namespace
}  // namespace wasmup::fidelity
