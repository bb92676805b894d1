// SPDX-License-Identifier: MIT
// The table in the fake host, with the probe as built.
#include <algorithm>
#include <gtest/gtest-spi.h>

#include <wasmup/testing.hpp>

#include "cases.hpp"
#include "http1.hpp"
#include "table_test.hpp"

namespace wasmup::fidelity {
namespace {

using namespace wasmup::testing;

Headers headers_of(const Fields& fields) {
  Headers headers;
  for (const auto& [name, value] : fields) headers.add(name, value);
  return headers;
}

/// What the other side makes of header fields that come by HTTP/1.1.
Fields as_received(const Headers& headers) {
  Fields fields;
  for (const auto& [name, value] : headers) {
    if (name == ":authority") fields.emplace_back("host", value);
    if (!name.starts_with(':')) fields.emplace_back(name, value);
  }
  return http1::parse(http1::head("", fields, true)).value().headers;
}

std::string shown(const Case& played, const Message& message) {
  return fidelity::shown(played, as_received(message.headers), message.body, as_received(message.trailers));
}

HostOptions options_of(const Case& played) {
  HostOptions options{.plugin_configuration = played.script,
                      .vm_configuration = played.options.vm_configuration,
                      .root_id = "probe",
                      .plugin_name = "probe",
                      .vm_id = "probe",
                      .log_level = LogLevel::trace,
                      .clusters = {"there", "away", "empty", "full"},
                      .empty_clusters = {"empty", "full"},
                      .allow_on_headers_stop_iteration = played.options.allow_on_headers_stop_iteration,
                      .enable_trailers = played.options.enable_trailers,
                      .fail_open = played.options.on_trap == OnTrap::open,
                      .reload = played.options.on_trap == OnTrap::reload,
                      .trial_pass = true};
  if (played.options.buffer_limit) options.buffer_limit = *played.options.buffer_limit;
  return options;
}

class FakePlayer final : public Player {
 public:
  FakePlayer(Host& host, const Case& played) : host_(host), played_(played) {}

  void stream(size_t number) override { current_ = number - 1; }

  void request(const std::string& path, const Fields& headers, bool is_whole) override {
    streams_.resize(std::max(streams_.size(), current_ + 1));
    now().stream.emplace(host_.open_stream());
    Message message = is_whole ? get(path) : post(path, "body");
    message.headers.set(":authority", "probe");
    for (const auto& [name, value] : headers) {
      if (name == ":method") {
        message.headers.set(name, value);
      } else {
        message.headers.add(name, value);
      }
    }
    now().stream->request_headers(message.headers, is_whole);
    end_what_is_over();
  }
  void request_body(const std::string& chunk) override { feed(&Stream::request_body, chunk, false); }
  void request_end() override { feed(&Stream::request_body, "", true); }
  void request_trailers(const Fields& trailers) override {
    feed(&Stream::request_trailers, headers_of(trailers));
  }
  void leave() override { end(now()); }

  void respond(int status, const Fields& headers, bool is_whole) override {
    now().is_responded = is_whole;
    Message message = reply(status);
    if (is_whole) message.headers.add("content-length", "0");
    for (const auto& [name, value] : headers) message.headers.add(name, value);
    feed(&Stream::response_headers, message.headers, is_whole);
  }
  void response_body(const std::string& chunk) override { feed(&Stream::response_body, chunk, false); }
  void response_end() override {
    now().is_responded = true;
    feed(&Stream::response_body, "", true);
  }
  void response_trailers(const Fields& trailers) override {
    now().is_responded = true;
    feed(&Stream::response_trailers, headers_of(trailers));
  }

  void answer_call(const std::string& path, int status, const std::string& body,
                   const Fields& trailers) override {
    Message answer = reply(status, body, {{"date", "Thu, 01 Jan 2026 00:00:00 GMT"}});
    answer.trailers = headers_of(trailers);
    host_.answer(call(path), answer);
    end_what_is_over();
  }
  void leave_and_answer_call(const std::string& path, int status, const std::string& body) override {
    const DeferredDeletion pass = host_.defer_deletion();
    leave();
    answer_call(path, status, body, {});
  }
  void break_call(const std::string& path) override {
    host_.fail(call(path));
    end_what_is_over();
  }
  void refuse_call(const std::string& path) override {
    answer_call(path, 503, "upstream connect error or disconnect/reset before headers", {});
  }

  void reconfigure(const std::string& script) override { host_.reconfigure(script); }
  void until(const std::string& line) override {
    for (int i = 0; i != 1000 && !has_logged(line); ++i) {
      host_.advance(std::chrono::milliseconds(10));
      end_what_is_over();
    }
    EXPECT_TRUE(has_logged(line)) << line;
  }
  void until_reloaded() override {
    host_.advance(std::chrono::seconds(2));
    host_.exchange(get("/settled"), reply(200, "direct\n"));
  }

  void finish() {
    for (OneStream& one : streams_) end(one);
  }
  std::string upstream() const {
    return joined([this](const Exchange& exchange) {
      return exchange.upstream ? request_of(*exchange.upstream) : std::string();
    });
  }
  std::string calls() const {
    std::string text;
    for (const HttpCall& call : host_.http_calls()) {
      text += (text.empty() ? "" : " | ") + request_of({call.headers, call.body, call.trailers});
    }
    return text;
  }
  std::string client() const {
    return joined([this](const Exchange& exchange) {
      std::string text;
      if (exchange.client)
        text = exchange.client->headers.get(":status").value_or("") + shown(played_, *exchange.client);
      if (exchange.was_reset) text += text.empty() ? "cut" : " cut";
      return text;
    });
  }

 private:
  struct OneStream {
    std::optional<Stream> stream;
    Exchange exchange;
    bool is_responded = false;  ///< all of the upstream's response has come
  };

  OneStream& now() { return streams_.at(current_); }

  std::string request_of(const Message& message) const {
    const auto value = [&message](std::string_view name) { return message.headers.get(name).value_or(""); };
    return fidelity::escaped(value(":method") + " " + value(":path")) + shown(played_, message);
  }

  template <class Method, class... Arguments>
  void feed(Method method, Arguments&&... arguments) {
    if (now().stream) ((*now().stream).*method)(std::forward<Arguments>(arguments)...);
    end_what_is_over();
  }

  /// Envoy ends a stream when the client has its whole answer, or nothing more will come.
  void end_what_is_over() {
    for (OneStream& one : streams_) {
      if (!one.stream) continue;
      const Exchange exchange = one.stream->so_far();
      const bool is_answered = exchange.client && !one.stream->response_is_held();
      const bool is_local = !exchange.upstream || one.is_responded;
      if (exchange.was_reset || (is_answered && is_local)) end(one);
    }
  }
  static void end(OneStream& one) {
    if (!one.stream) return;
    one.exchange = one.stream->so_far();
    one.stream.reset();
  }

  HttpCall call(const std::string& path) const {
    for (const HttpCall& one : host_.http_calls()) {
      if (one.headers.get(":path") == path) return one;
    }
    ADD_FAILURE() << "no call-out for " << path;
    return {};
  }
  bool has_logged(const std::string& text) const {
    return std::ranges::any_of(host_.logs(), [&](const LogLine& line) { return line.text == text; });
  }
  template <class Show>
  std::string joined(Show show) const {
    std::string text;
    for (size_t i = 0; i != streams_.size(); ++i) text += (i == 0 ? "" : " | ") + show(streams_[i].exchange);
    return text;
  }

  Host& host_;
  const Case& played_;
  std::vector<OneStream> streams_;
  size_t current_ = 0;
};

/// On one line, as Envoy's log has it.
std::string on_one_line(const std::string& text) {
  std::string line;
  for (const char c : text) line += c == '\n' ? std::string("\\n") : std::string(1, c);
  return line;
}

std::vector<std::string> texts(const Host& host) {
  std::vector<std::string> lines;
  for (const LogLine& line : host.logs()) lines.push_back(on_one_line(line.text));
  return lines;
}

std::vector<std::string> twice(const std::vector<std::string>& lines) {
  std::vector<std::string> all = lines;
  all.insert(all.end(), lines.begin(), lines.end());
  return all;
}

/// Where Envoy would crash, or do what nobody wants, the fake host fails the test.
void expect_refusal(FakePlayer& player, const Case& played) {
  ::testing::TestPartResultArray failures;
  {
    const ::testing::ScopedFakeTestPartResultReporter reporter(
        ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &failures);
    played.play(player);
    player.finish();
  }
  ASSERT_EQ(failures.size(), 1);
  EXPECT_THAT(failures.GetTestPartResult(0).message(),
              ::testing::HasSubstr(played.crashes ? "Envoy crashes" : "Envoy "));
}

class InTheFakeHost : public TableTest {};

TEST_P(InTheFakeHost, fidelity) {
  const Case& played = GetParam();
  Host host(options_of(played));
  EXPECT_EQ(host.is_running(), !played.is_refused) << host.failure();
  EXPECT_EQ(texts(host), played.is_refused ? played.start : twice(played.start));
  if (!played.play) return;
  host.clear_records();
  FakePlayer player(host, played);
  if (played.crashes || played.is_mishap) return expect_refusal(player, played);
  played.play(player);
  player.finish();
  EXPECT_EQ(texts(host), played.log);
  EXPECT_EQ(player.upstream(), played.upstream);
  EXPECT_EQ(player.client(), played.client);
  if (!played.calls.empty()) {
    EXPECT_EQ(player.calls(), played.calls);
  }
}

INSTANTIATE_TEST_SUITE_P(table, InTheFakeHost, ::testing::ValuesIn(every_case()), name_of_case);

}  // namespace
}  // namespace wasmup::fidelity
