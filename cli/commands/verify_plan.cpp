// SPDX-License-Identifier: MIT
#include "verify_plan.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>

#include "../http/header.hpp"
#include "../traffic/duration.hpp"

namespace wasmup::commands {
namespace {

using Of = traffic::Expectation::Of;

bool is_url(std::string_view text) { return text.contains("://"); }

Error wrong(std::string what, std::string seen, std::string next) {
  return {ExitCode::usage, std::move(what), std::move(seen), std::move(next)};
}

Expected<std::chrono::milliseconds> time_of(std::string_view flag, const std::string& text) {
  const auto time = traffic::parse_duration(text);
  if (time && time->count() > 0) return *time;
  return std::unexpected(wrong(fmt::format("{} does not understand '{}'", flag, text),
                               "a time is a number with a unit, more than 0 and at most a day",
                               fmt::format("{} 30s, or 500ms, or 2m", flag)));
}

Expected<http::Headers> request_headers(const std::vector<std::string>& texts) {
  http::Headers headers;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (equals == text.npos || !http::is_token(name)) {
      return std::unexpected(
          wrong(fmt::format("--header does not understand '{}'", text),
                equals == text.npos ? "there is no = in it" : "what is before the = is no header name",
                "--header NAME=VALUE, such as --header accept=text/html"));
    }
    headers.emplace_back(name, text.substr(equals + 1));
  }
  return headers;
}

Expected<std::vector<traffic::Expectation>> expectations(const VerifyFlags& flags) {
  std::vector<traffic::Expectation> all;
  if (flags.status) all.push_back({":status", {std::to_string(*flags.status)}});
  auto headers = traffic::parse_expectations(flags.expect_headers, "--expect-header");
  if (!headers) return headers;
  all.insert(all.end(), headers->begin(), headers->end());
  for (const std::string& name : flags.absent) {
    if (!http::is_token(name)) {
      return std::unexpected(wrong(fmt::format("--absent does not understand '{}'", name),
                                   "it is no header name", "--absent server"));
    }
    all.push_back({http::lower(name), {}});
  }
  for (const std::string& text : flags.body_contains) {
    if (text.empty()) {
      return std::unexpected(wrong("--body-contains has no text", "every body has the empty text in it",
                                   "--body-contains hello"));
    }
    all.push_back({"", {text}, Of::part_of_body});
  }
  auto trailers = traffic::parse_expectations(flags.expect_trailers, "--expect-trailer");
  if (!trailers) return trailers;
  for (traffic::Expectation& trailer : *trailers) {
    trailer.of = Of::trailer;
    all.push_back(std::move(trailer));
  }
  return all;
}

/// The first flag given that is of a URL's request.
std::string_view flag_of_url(const VerifyFlags& flags) {
  if (flags.method) return "--method";
  if (flags.data) return "--data";
  if (!flags.headers.empty()) return "--header";
  if (flags.count) return "--count";
  if (flags.status) return "--status";
  if (!flags.expect_headers.empty()) return "--expect-header";
  if (!flags.absent.empty()) return "--absent";
  if (!flags.body_contains.empty()) return "--body-contains";
  if (!flags.expect_trailers.empty()) return "--expect-trailer";
  return {};
}

Expected<std::vector<traffic::Case>> case_of_url(const VerifyFlags& flags) {
  if (flags.url) {
    return std::unexpected(wrong("there are two URLs", flags.target + " and --url " + *flags.url,
                                 "leave out --url, which is for a file with requests"));
  }
  traffic::Case one;
  one.request.url = flags.target;
  one.request.body = flags.data.value_or("");
  one.request.method = flags.method.value_or(one.request.body.empty() ? "GET" : "POST");
  if (!http::is_token(one.request.method)) {
    return std::unexpected(
        wrong(fmt::format("--method does not understand '{}'", one.request.method), "", "--method PUT"));
  }
  one.name = one.request.method + " " + one.request.url;
  auto headers = request_headers(flags.headers);
  if (!headers) return std::unexpected(headers.error());
  one.request.headers = *std::move(headers);
  one.count = flags.count.value_or(1);
  auto expected = expectations(flags);
  if (!expected) return std::unexpected(expected.error());
  if (expected->empty()) {
    return std::unexpected(wrong("what must the response carry?",
                                 "nothing is expected: no response could be wrong",
                                 fmt::format("wasmup verify {} --status 200", flags.target)));
  }
  one.expectations = *std::move(expected);
  return std::vector{std::move(one)};
}

Expected<std::vector<traffic::Case>> cases_of_file(const VerifyFlags& flags, const Environment& environment) {
  if (const std::string_view flag = flag_of_url(flags); !flag.empty()) {
    return std::unexpected(
        wrong(fmt::format("{} is for a URL", flag),
              fmt::format("{} is a file, which says itself what to send and to expect", flags.target),
              "write it into the file"));
  }
  if (flags.url && !is_url(*flags.url)) {
    return std::unexpected(wrong(fmt::format("--url does not understand '{}'", *flags.url), "it is no URL",
                                 "--url http://127.0.0.1:8080"));
  }
  const std::filesystem::path file = environment.folder / flags.target;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    return std::unexpected(wrong("there is no file " + flags.target,
                                 "and a URL starts with http:// or https://",
                                 "wasmup verify http://" + flags.target + " --status 200"));
  }
  const auto requests = traffic::read_requests_file({file.lexically_normal()});
  if (!requests) return std::unexpected(requests.error());
  return traffic::cases_for(*requests, flags.url);
}

bool names_host(const http::Request& request) {
  return std::ranges::any_of(request.headers,
                             [](const auto& header) { return http::lower(header.first) == "host"; });
}

}  // namespace

Expected<VerifyPlan> plan_verify(const VerifyFlags& flags, const Environment& environment) {
  VerifyPlan plan{{}, {}};
  const auto timeout = time_of("--timeout", flags.timeout);
  if (!timeout) return std::unexpected(timeout.error());
  if (flags.within) {
    const auto within = time_of("--within", *flags.within);
    if (!within) return std::unexpected(within.error());
    plan.within = *within;
  }
  std::error_code error;
  if (flags.cacert && !std::filesystem::is_regular_file(*flags.cacert, error)) {
    return std::unexpected(
        wrong("there is no file " + *flags.cacert, "--cacert names one with certificates (PEM)", ""));
  }
  if (flags.connect_to && !flags.connect_to->contains(':')) {
    return std::unexpected(wrong(fmt::format("--connect-to does not understand '{}'", *flags.connect_to),
                                 "there is no port in it", "--connect-to 127.0.0.1:8443"));
  }
  auto cases = is_url(flags.target) ? case_of_url(flags) : cases_of_file(flags, environment);
  if (!cases) return std::unexpected(cases.error());
  for (traffic::Case& one : *cases) {
    http::Request& request = one.request;
    request.limit = *timeout;
    request.connect_to = flags.connect_to.value_or("");
    request.authorities = flags.cacert.value_or("");
    request.insecure = flags.insecure;
    if (flags.host && !names_host(request)) request.headers.emplace_back("host", *flags.host);
  }
  plan.cases = *std::move(cases);
  return plan;
}

}  // namespace wasmup::commands
