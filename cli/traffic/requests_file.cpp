// SPDX-License-Identifier: MIT
#include "requests_file.hpp"

#include <fmt/format.h>

#include "../http/header.hpp"
#include "../text/bounded_yaml.hpp"
#include "../text/file.hpp"

namespace wasmup::traffic {
namespace {

using text::Mapping;
using text::refuse;
using text::text_of;
using text::texts_of;

using Of = Expectation::Of;

constexpr size_t most_bytes = 1024UL * 1024;
constexpr size_t most_cases = 1000;
constexpr int most_repetitions = 10'000;
constexpr const char* example =
    "it may have\n"
    "requests:\n"
    "  - name: the header is there\n"
    "    path: /get\n"
    "    expect: {status: 200, headers: {x-wasm-custom: FOO}}";

std::string header_name(const YAML::Node& node) {
  const std::string name = text_of(node, "a header's name");
  if (!http::is_token(name)) refuse(node, fmt::format("'{}' is no header name", name));
  return name;
}

std::string line_of(const YAML::Node& node, std::string_view what) {
  std::string line = text_of(node, what);
  if (!http::is_one_line(line)) refuse(node, fmt::format("{} has a line end or a NUL in it", what));
  return line;
}

bool is_whole_url(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

std::string url_of(const YAML::Node& node) {
  std::string url = line_of(node, "url");
  if (!is_whole_url(url)) refuse(node, fmt::format("url must be http://... or https://..., not '{}'", url));
  return url;
}

http::Headers read_headers(const YAML::Node& node) {
  http::Headers headers;
  const Mapping fields(node, "headers");
  for (const auto& [name, value] : fields.entries()) {
    for (const std::string& text : texts_of(value, name.Scalar())) {
      if (!http::is_one_line(text)) refuse(value, name.Scalar() + " has a line end or a NUL in it");
      headers.emplace_back(header_name(name), text);
    }
  }
  return headers;
}

void read_lines(const YAML::Node& node, Of of, std::vector<Expectation>& expectations) {
  const Mapping fields(node, of == Of::header ? "headers" : "trailers");
  for (const auto& [name, value] : fields.entries()) {
    expectations.push_back({http::lower(header_name(name)), texts_of(value, name.Scalar()), of});
  }
}

void read_body(const YAML::Node& node, std::vector<Expectation>& expectations) {
  const Mapping fields(node, "body", {"equals", "contains", "lacks"});
  for (const auto& [name, value] : fields.entries()) {
    const std::string& how = name.Scalar();
    if (how == "equals") {
      expectations.push_back({"", {text_of(value, how)}, Of::body});
      continue;
    }
    for (const std::string& text : texts_of(value, how)) {
      // Every body has the empty text in it: a check that cannot fail, or cannot hold.
      if (text.empty()) refuse(value, how + " is empty");
      expectations.push_back({"", {text}, how == "contains" ? Of::part_of_body : Of::not_in_body});
    }
  }
}

std::vector<Expectation> read_expectations(const YAML::Node& node) {
  const Mapping fields(node, "expect", {"status", "headers", "absent", "body", "trailers"});
  std::vector<Expectation> expectations;
  if (const auto status = fields.number("status", 100, 599)) {
    expectations.push_back({":status", {std::to_string(*status)}});
  }
  if (const auto headers = fields.find("headers")) read_lines(*headers, Of::header, expectations);
  if (const auto absent = fields.find("absent")) {
    for (const std::string& name : texts_of(*absent, "absent")) {
      if (!http::is_token(name)) refuse(*absent, fmt::format("'{}' is no header name", name));
      expectations.push_back({http::lower(name), {}});
    }
  }
  if (const auto body = fields.find("body")) read_body(*body, expectations);
  if (const auto trailers = fields.find("trailers")) read_lines(*trailers, Of::trailer, expectations);
  if (expectations.empty()) refuse(node, "nothing is expected: no response could be wrong");
  return expectations;
}

/// What is sent: to a whole URL, or to a path.
std::string read_target(const Mapping& fields, const YAML::Node& node, Urls urls) {
  const auto url = fields.find("url");
  const auto path = fields.find("path");
  if (url && urls == Urls::paths_only) {
    refuse(*url, "a request here has a path: whole URLs are sent only from a file that you name yourself");
  }
  if (url && path) refuse(*path, "a request has a path or a url, not both");
  if (url) return url_of(*url);
  if (!path) refuse(node, "a request needs a path (or a url)");
  std::string target = line_of(*path, "path");
  if (!target.starts_with('/')) refuse(*path, fmt::format("a path starts with /, unlike '{}'", target));
  return target;
}

Case read_case(const YAML::Node& node, Urls urls) {
  const Mapping fields(node, "a request",
                       {"name", "path", "url", "method", "headers", "body", "count", "expect"});
  Case result;
  result.request.url = read_target(fields, node, urls);
  result.request.body = fields.text("body").value_or("");
  result.request.method = result.request.body.empty() ? "GET" : "POST";
  if (const auto method = fields.find("method")) {
    result.request.method = text_of(*method, "method");
    if (!http::is_token(result.request.method)) {
      refuse(*method, fmt::format("'{}' is no method", result.request.method));
    }
  }
  if (const auto headers = fields.find("headers")) result.request.headers = read_headers(*headers);
  result.count = fields.number("count", 1, most_repetitions).value_or(1);
  result.name = fields.text("name").value_or(result.request.method + " " + result.request.url);
  const auto expect = fields.find("expect");
  if (!expect) refuse(node, "a request needs an expect: what must the response carry?");
  result.expectations = read_expectations(*expect);
  return result;
}

RequestsFile read_file(const YAML::Node& node, Urls urls) {
  const Mapping fields(node, "a requests file", {"url", "requests"});
  RequestsFile file;
  if (const auto url = fields.find("url")) file.url = url_of(*url);
  const auto requests = fields.find("requests");
  if (!requests) refuse(node, "there is no requests:");
  if (!requests->IsSequence() || requests->size() == 0)
    refuse(*requests, "requests must be a list, not empty");
  if (requests->size() > most_cases) refuse(*requests, fmt::format("more than {} requests", most_cases));
  for (const YAML::Node& request : *requests) file.cases.push_back(read_case(request, urls));
  return file;
}

std::unexpected<Error> wrong(std::string_view name, const YAML::Mark& mark, std::string seen) {
  std::string place(name);
  if (!mark.is_null()) place += fmt::format(":{}:{}", mark.line + 1, mark.column + 1);
  return std::unexpected(Error{ExitCode::usage, place + " is not as it should be", std::move(seen), example});
}

}  // namespace

Expected<RequestsFile> parse_requests(const std::string& text, std::string_view name, Urls urls) {
  if (text.size() > most_bytes) return wrong(name, YAML::Mark::null_mark(), "it is larger than 1 MiB");
  try {
    return read_file(text::load_bounded(text), urls);
  } catch (const YAML::Exception& exception) {
    return wrong(name, exception.mark, exception.msg);
  }
}

Expected<RequestsFile> read_requests_file(const text::Origin& origin) {
  const Expected<std::string> text = text::read(origin, most_bytes);
  if (!text) return std::unexpected(text.error());
  return parse_requests(*text, origin.path().string(), origin.folder ? Urls::paths_only : Urls::any);
}

Expected<std::vector<Case>> cases_for(const RequestsFile& file, const std::optional<std::string>& server) {
  std::string base = server.value_or(file.url.value_or(""));
  while (base.ends_with('/')) base.pop_back();
  std::vector<Case> cases = file.cases;
  for (Case& one : cases) {
    if (is_whole_url(one.request.url)) continue;
    if (base.empty()) {
      return std::unexpected(Error{ExitCode::usage,
                                   fmt::format("which server is to answer {}?", one.request.url),
                                   "the file has no url:", "add --url http://127.0.0.1:8080"});
    }
    one.request.url = base + one.request.url;
  }
  return cases;
}

}  // namespace wasmup::traffic
