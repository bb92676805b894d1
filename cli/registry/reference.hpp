// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "../error.hpp"

namespace wasmup::registry {

/// Where an image is: [HOST[:PORT]/]NAME[:TAG][@sha256:...].
struct Reference {
  std::string host = "docker.io";
  std::string repository;
  std::string tag;     ///< "latest" when neither tag nor digest was given
  std::string digest;  ///< may be empty

  std::string name() const;  ///< HOST/NAME
  /// Unambiguous: by digest when there is one, else by tag.
  std::string text() const;
  /// Whether the registry is on this machine.
  bool on_loopback() const;
};

/// As Docker and Envoy Gateway read it; an error is one of usage. Credentials have no place in it.
Expected<Reference> parse_reference(std::string_view text);

}  // namespace wasmup::registry
