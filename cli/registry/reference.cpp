// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <fmt/format.h>
#include <regex>

namespace wasmup::registry {
namespace {

std::unexpected<Error> wrong(std::string_view text, const std::string& why) {
  return std::unexpected(Error{ExitCode::usage, "this is no name of an image",
                               why.empty() ? std::string(text) : why,
                               "HOST[:PORT]/NAME[:TAG], for example ghcr.io/owner/filter:v1"});
}

/// What comes before the first slash is a host if it could not be a part of a name.
bool is_host(std::string_view part) { return part == "localhost" || part.find_first_of(".:") != part.npos; }

}  // namespace

std::string Reference::name() const { return host + "/" + repository; }

std::string Reference::text() const { return name() + (digest.empty() ? ":" + tag : "@" + digest); }

bool Reference::on_loopback() const {
  static const std::regex loopback(R"((localhost|127(\.\d+){3}|\[::1\])(:\d+)?)");
  return std::regex_match(host, loopback);
}

Expected<Reference> parse_reference(std::string_view text) {
  constexpr size_t longest = 512;  // and regular expressions of the library run out of stack at some length
  if (text.size() > longest) return wrong(text, fmt::format("it has {} characters", text.size()));
  if (text.find("://") != text.npos) return wrong(text, "it begins with a scheme: leave that out");
  static const std::regex host(
      R"(([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?)");
  static const std::regex repository(
      R"([a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*)*)");
  static const std::regex tag("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  static const std::regex digest("sha256:[0-9a-f]{64}");
  Reference reference;
  std::string rest(text);
  if (const size_t at = rest.find('@'); at != rest.npos) {
    reference.digest = rest.substr(at + 1);
    // Not shown: what has an @ in the wrong place may be a password.
    if (!std::regex_match(reference.digest, digest)) {
      return wrong(text,
                   "after @ there must be sha256: and 64 digits of 0-9a-f; credentials have no place here");
    }
    rest.erase(at);
  }
  const size_t slash = rest.find('/');
  if (slash != rest.npos && is_host(rest.substr(0, slash))) {
    reference.host = rest.substr(0, slash);
    rest.erase(0, slash + 1);
    if (!std::regex_match(reference.host, host)) return wrong(text, "");
  }
  if (const size_t colon = rest.find(':'); colon != rest.npos) {
    reference.tag = rest.substr(colon + 1);
    if (!std::regex_match(reference.tag, tag)) return wrong(text, "");
    rest.erase(colon);
  }
  if (!std::regex_match(rest, repository)) {
    const bool has_capitals = rest.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != rest.npos;
    return wrong(text, has_capitals ? fmt::format("{}: names are in lower case", text) : "");
  }
  const bool is_official = reference.host == "docker.io" && rest.find('/') == rest.npos;
  reference.repository = is_official ? "library/" + rest : rest;
  if (reference.tag.empty() && reference.digest.empty()) reference.tag = "latest";
  return reference;
}

}  // namespace wasmup::registry
