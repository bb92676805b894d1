// SPDX-License-Identifier: MIT
#include "vocabulary.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace wasmup::testing::simulation {
namespace {

constexpr std::string_view methods[] = {"GET", "GET",    "GET",  "POST",  "POST",
                                        "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"};
constexpr std::string_view paths[] = {
    "/",
    "/",
    "/health",
    "/admin",
    "/static/app.js",
    "/static/../admin",
    "/api/items?id=1&id=2",
    "/a%20b",
    "/login?next=%2F",
    "/v1/users/7",
    "//",
    "/?",
};
constexpr std::string_view values[] = {"",
                                       "1",
                                       "0",
                                       "true",
                                       "ada",
                                       "Bearer abc",
                                       "Basic YWRhOjE=",
                                       "a, b",
                                       "session=good",
                                       "session=; other=1",
                                       "-1",
                                       "99999999999999999999",
                                       "\xC3\xA9"};
constexpr std::pair<std::string_view, std::string_view> request_headers[] = {
    {"authorization", "Bearer abc"},
    {"authorization", "Basic YWRhOjE="},
    {"x-api-key", "key-of-ada"},
    {"x-api-key", ""},
    {"cookie", "session=good"},
    {"cookie", "other=1; session=good"},
    {"cookie", "a=b; session=bad"},
    {"accept", "*/*"},
    {"accept-encoding", "gzip"},
    {"user-agent", "simulated"},
    {"x-request-id", "7d8b0c5e"},
    {"x-forwarded-for", "10.0.0.1"},
    {"x-user", "root"},
    {"origin", "http://other.example"},
    {"te", "trailers"},
    {"content-type", "application/grpc"},
};
constexpr std::pair<std::string_view, std::string_view> response_headers[] = {
    {"server", "upstream"},          {"set-cookie", "a=1"}, {"set-cookie", "b=2; Path=/"},
    {"cache-control", "max-age=60"}, {"x-powered-by", "C"}, {"content-encoding", "gzip"},
    {"location", "/elsewhere"},      {"etag", "\"1\""},     {"vary", ""},
};
constexpr std::string_view bodies[] = {
    "",
    "x",
    "hello\n",
    R"({"name": "ada", "age": 36})",
    R"({"user": "ada", "roles": ["dev"]})",
    R"({"a": )",
    R"([1, 2, {"secret": null}])",
    "a=1&b=2",
    "{}",
    "cat cat cat",
};
/// What a service says that agrees, in the forms that are common.
constexpr std::string_view friendly =
    R"({"user": "ada", "roles": ["dev"], "name": "ada", "sub": "ada", "age": 36, "active": true, "allowed": true})";
constexpr int statuses[] = {200, 200, 200, 200, 204, 301, 304, 404, 429, 500, 500, 503};
constexpr int answers[] = {200, 200, 200, 200, 204, 401, 403, 404, 429, 500, 503};

/// Printable words of a configuration, as somebody who knows it would send them.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  const auto add = [&] {
    if (word.size() >= 2 && word.size() <= 64 && std::ranges::find(words, word) == words.end()) {
      words.push_back(word);
    }
    word.clear();
  };
  for (const char c : text) {
    const bool is_part =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '/' || c == '.';
    if (is_part) {
      word += c;
    } else {
      add();
    }
  }
  add();
  if (words.size() > 100) words.resize(100);
  return words;
}

bool is_bodyless(int status) { return status == 204 || status == 304; }

}  // namespace

Vocabulary::Vocabulary(const SimulationOptions& options, std::vector<std::string> headers_asked_for)
    : options_(options),
      asked_for_(std::move(headers_asked_for)),
      words_(words_of(options.host.plugin_configuration)) {}

std::string Vocabulary::value(Random& random) const {
  if (!words_.empty() && random.chance(40)) return random.pick(words_);
  return std::string(random.pick(values));
}

std::string Vocabulary::path(Random& random) const {
  if (!options_.paths.empty() && random.chance(50)) return random.pick(options_.paths);
  if (!words_.empty() && random.chance(30)) {
    const std::string& word = random.pick(words_);
    return word.starts_with('/') ? word : "/" + word;
  }
  return std::string(random.pick(paths));
}

std::string Vocabulary::body(Random& random) const {
  if (!options_.bodies.empty() && random.chance(50)) return random.pick(options_.bodies);
  if (!words_.empty() && random.chance(20)) return "a " + random.pick(words_) + " " + random.pick(words_);
  const size_t kind = random.below(40);
  if (kind == 0) return std::string(40'000, 'x');
  if (kind == 1) return std::string((1 << 20) + 17, 'y');
  if (kind < 5) return std::string(1 + random.below(3000), 'z');
  return std::string(random.pick(bodies));
}

Headers Vocabulary::trailers(Random& random) const {
  Headers trailers{{"x-checksum", "1"}};
  if (random.chance(30)) trailers.add("x-more", value(random));
  return trailers;
}

void Vocabulary::add_length_and_type(Random& random, Message& message) const {
  if (random.chance(50) && !message.headers.contains("content-type")) {
    const bool is_json = message.body.starts_with('{') || message.body.starts_with('[');
    message.headers.add("content-type", is_json ? "application/json" : "text/plain");
  }
  // Trailers go with a chunked body, which has no length.
  if (message.trailers.empty() && random.chance(50)) {
    message.headers.set("content-length", std::to_string(message.body.size()));
  }
}

Message Vocabulary::request(Random& random) const {
  if (!options_.requests.empty() && random.chance(50)) return random.pick(options_.requests);
  const std::string_view method = random.pick(methods);
  Message request;
  request.headers = {{":method", std::string(method)},
                     {":scheme", "http"},
                     {":authority", "www.example.com"},
                     {":path", path(random)}};
  for (size_t count = random.below(6); count != 0; --count) {
    const auto& [name, usual] = random.pick(request_headers);
    request.headers.add(name, usual);
  }
  for (const std::string& name : asked_for_) {
    if (name.starts_with(':') || !random.chance(60)) continue;
    if (name == "content-length" || name == "transfer-encoding" || name == "connection") continue;
    if (name == "cookie" && random.chance(70)) {
      request.headers.add(name, (words_.empty() ? "session" : random.pick(words_)) + "=good");
      continue;
    }
    request.headers.add(name, value(random));
    if (random.chance(10)) request.headers.add(name, value(random));
  }
  const bool may_have_body = method != "GET" && method != "HEAD" && method != "OPTIONS";
  if (may_have_body || random.chance(10)) {
    request.body = body(random);
    if (random.chance(20)) request.trailers = trailers(random);
    add_length_and_type(random, request);
  }
  return request;
}

Message Vocabulary::response(Random& random, std::string_view method) const {
  if (!options_.responses.empty() && random.chance(50)) return random.pick(options_.responses);
  const int status = random.pick(statuses);
  Message response = reply(status);
  for (size_t count = random.below(3); count != 0; --count) {
    const auto& [name, usual] = random.pick(response_headers);
    response.headers.add(name, usual);
  }
  if (is_bodyless(status) || method == "HEAD") return response;
  response.body = random.chance(20) ? std::string() : body(random);
  if (random.chance(25)) response.trailers = trailers(random);
  add_length_and_type(random, response);
  return response;
}

Message Vocabulary::friendly_answer() { return reply(200, friendly, {{"x-user", "ada"}}); }

Message Vocabulary::answer(Random& random) const {
  if (!options_.answers.empty() && random.chance(50)) return random.pick(options_.answers);
  if (random.chance(40)) return friendly_answer();
  Message answer = reply(random.pick(answers));
  if (random.chance(50)) answer.headers.add("x-user", value(random));
  if (random.chance(60)) answer.body = body(random);
  if (random.chance(10)) answer.trailers = trailers(random);
  return answer;
}

}  // namespace wasmup::testing::simulation
