// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <wasmup/testing/host.hpp>
#include <wasmup/testing/simulation.hpp>

#include "random.hpp"

namespace wasmup::testing::simulation {

/// What messages are made of: common things, words of the plugin configuration, the headers that the filter
/// was seen to ask for, and what the author proposes.
class Vocabulary {
 public:
  Vocabulary(const SimulationOptions& options, std::vector<std::string> headers_asked_for);

  /// A request's headers; the body that is to follow is known, so that a content-length fits.
  Message request(Random& random) const;
  /// A response to a request with this method.
  Message response(Random& random, std::string_view method) const;
  Message answer(Random& random) const;
  /// Of a service that agrees.
  static Message friendly_answer();
  std::string body(Random& random) const;
  Headers trailers(Random& random) const;

 private:
  std::string value(Random& random) const;
  std::string path(Random& random) const;
  void add_length_and_type(Random& random, Message& message) const;

  const SimulationOptions& options_;
  std::vector<std::string> asked_for_;
  std::vector<std::string> words_;
};

}  // namespace wasmup::testing::simulation
