// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <future>
#include <utility>

#include "../envoy/server.hpp"

namespace wasmup::commands {

/// Does it while the log of an Envoy, if there is one, is read: an Envoy that logs much waits until it is.
template <class Work>
auto beside_log(envoy::Server* server, Work work) {
  auto result = std::async(std::launch::async, std::move(work));
  constexpr std::chrono::milliseconds step{5};
  bool lives = server != nullptr;
  while (result.wait_for(lives ? std::chrono::milliseconds(0) : step) != std::future_status::ready) {
    lives = lives && server->pump(step);
  }
  return result.get();
}

}  // namespace wasmup::commands
