// SPDX-License-Identifier: MIT
#include "explain.hpp"

#include <array>
#include <fmt/format.h>
#include <regex>
#include <string_view>

#include "../http/header.hpp"
#include "../text/visible.hpp"

namespace wasmup::registry {
namespace {

struct Cause {
  std::string_view sign;  ///< in what the tool says, in lower case
  ExitCode code;
  std::string_view seen;
  std::string_view next;  ///< {0}: the host
};

constexpr std::string_view log_in =
    "skopeo login {0} (or docker login {0}), or --authfile FILE with its credentials in it";
constexpr std::string_view trust =
    "--ca FILE with the certificate that signed the registry's; or put it in /etc/docker/certs.d/{0}/ca.crt";
constexpr std::string_view reach = "is the registry running, and the name right? curl -i https://{0}/v2/";

/// The first that is found counts. All tools are written in Go, and share its words for failures.
constexpr std::array<Cause, 20> causes{{
    {"server gave http response to https client", ExitCode::environment, "the registry speaks plain HTTP",
     "--plain-http, if you trust the network on the way to {0}"},
    {"connect to the docker daemon", ExitCode::environment, "Docker's daemon does not run",
     "start it, or, without any: apt-get install --no-install-recommends skopeo"},
    {"certificate signed by unknown authority", ExitCode::environment,
     "its certificate is signed by an authority that is not known here", trust},
    {"certificate has expired", ExitCode::environment, "its certificate has expired, or is not valid yet",
     "give the registry a new certificate"},
    {"certificate is valid for", ExitCode::environment, "its certificate is for another name",
     "use the name that the certificate has, in place of {0}"},
    {"x509:", ExitCode::environment, "its certificate is not good", trust},
    {"unauthorized", ExitCode::refused, "the registry does not take these credentials, or wants some",
     log_in},
    {"authentication required", ExitCode::refused,
     "the registry does not take these credentials, or wants some", log_in},
    {"no basic auth credentials", ExitCode::refused, "the registry wants credentials", log_in},
    {"denied", ExitCode::refused, "the registry forbids it: these credentials may not do this", log_in},
    {"name unknown", ExitCode::refused, "the registry has nothing of that name", "wasmup push pushes it"},
    {"name_unknown", ExitCode::refused, "the registry has nothing of that name", "wasmup push pushes it"},
    {"manifest unknown", ExitCode::refused, "the registry has no image of that tag or digest",
     "wasmup push pushes it"},
    {"manifest_unknown", ExitCode::refused, "the registry has no image of that tag or digest",
     "wasmup push pushes it"},
    {": not found", ExitCode::refused, "the registry has no image of that tag or digest",
     "wasmup push pushes it"},
    {"file too large", ExitCode::refused, "the registry sends more than its manifest says",
     "wasmup push pushes the image anew"},
    {"sigxfsz", ExitCode::refused, "the registry sends more than its manifest says",
     "wasmup push pushes the image anew"},
    {"connection refused", ExitCode::environment, "nobody listens there: connection refused", reach},
    {"no such host", ExitCode::environment, "its name is not known: no such host", reach},
    {"timeout", ExitCode::environment, "it does not answer: timeout", reach},
}};

/// logrus' `time="..." level=fatal msg="..."`, without its head and quotes.
std::string message_of(const std::string& output) {
  static const std::regex fatal(R"re(level=fatal msg="((?:[^"\\]|\\.){0,2000})")re");
  std::smatch match;
  std::string text = std::regex_search(output, match, fatal) ? match[1].str() : output;
  text = std::regex_replace(text, std::regex(R"(\\")"), "\"");
  while (text.ends_with('\n')) text.pop_back();
  return text::visible(text);
}

}  // namespace

bool speaks_plain_http(const std::string& output) {
  return http::lower(output).find(causes.front().sign) != std::string::npos;
}

Error explain(const std::string& what, const std::string& output, const Reference& reference) {
  constexpr size_t most = 4000;
  const std::string said = message_of(output.size() > most ? output.substr(output.size() - most) : output);
  const std::string lower = http::lower(output);
  for (const Cause& cause : causes) {
    if (lower.find(cause.sign) == lower.npos) continue;
    return {cause.code, what, fmt::format("{}\n{}", cause.seen, said),
            fmt::format(fmt::runtime(cause.next), reference.host)};
  }
  return {ExitCode::refused, what, said, ""};
}

}  // namespace wasmup::registry
