// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "expect.hpp"
#include "http/header.hpp"
#include "traffic/requests_file.hpp"

/// The requests file of `wasmup verify`: what is taken can be sent and judged, and what is not has a place.
namespace {

using namespace wasmup;

void look_at(const traffic::Case& one) {
  expect(one.request.url.starts_with('/') || one.request.url.starts_with("http"));
  expect(http::is_one_line(one.request.url) && http::is_token(one.request.method));
  expect(one.count >= 1 && one.count <= 10'000 && !one.expectations.empty());
  for (const auto& [name, value] : one.request.headers)
    expect(http::is_token(name) && http::is_one_line(value));
  for (const traffic::Expectation& expectation : one.expectations) {
    const bool of_body = expectation.name.empty();
    expect(of_body ? expectation.values.size() == 1
                   : expectation.name == ":status" || http::is_token(expectation.name));
    // Also of any response.
    const http::Response response{.status = 200, .headers = {{"a", "b"}}, .body = "hello", .trailers = {}};
    if (!is_met(expectation, response)) expect(!seen_instead(expectation, response).empty());
    expect(!to_string(expectation).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Expected<traffic::RequestsFile> file = traffic::parse_requests(text, "r.yaml", traffic::Urls::any);
  if (!file) {
    expect(file.error().code == ExitCode::usage && file.error().what.starts_with("r.yaml"));
    expect(!file.error().seen.empty() && !file.error().next.empty());
    return 0;
  }
  expect(!file->cases.empty() && file->cases.size() <= 1000);
  std::ranges::for_each(file->cases, look_at);
  const auto cases = traffic::cases_for(*file, "http://a");
  expect(cases && cases->size() == file->cases.size());
  return 0;
}
