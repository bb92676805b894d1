// SPDX-License-Identifier: MIT
#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <list>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>

#include "../os/descriptor.hpp"

namespace wasmup::http {

/// For tests: an HTTP/1.1 server on loopback that answers every request with whatever bytes it is given.
class ScriptedServer {
 public:
  using Answer = std::function<std::string(const std::string& request)>;

  explicit ScriptedServer(Answer answer)
      : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_.get(), 64) != 0 ||
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("no server on loopback");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  explicit ScriptedServer(std::string answer)
      : ScriptedServer([text = std::move(answer)](const std::string&) { return text; }) {}

  ~ScriptedServer() {
    ends_ = true;
    acceptor_.join();
    for (std::thread& thread : connections_) thread.join();
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  int connections() const { return opened_; }

  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  bool wait_for(int descriptor) const {
    while (!ends_) {
      pollfd entry{descriptor, POLLIN, 0};
      if (::poll(&entry, 1, 20) == 1) return true;
    }
    return false;
  }

  void accept_all() {
    while (wait_for(listener_.get())) {
      os::Descriptor connection(::accept(listener_.get(), nullptr, nullptr));
      if (!connection.open()) continue;
      ++opened_;
      connections_.emplace_back([this, open = std::move(connection)] { serve(open); });
    }
  }

  void serve(const os::Descriptor& connection) {
    std::string received;
    while (wait_for(connection.get())) {
      char chunk[4096];
      const ssize_t size = ::recv(connection.get(), chunk, sizeof(chunk), 0);
      if (size <= 0) return;
      received.append(chunk, static_cast<size_t>(size));
      const size_t whole = size_of_request(received);
      if (whole == 0 || received.size() < whole) continue;
      const std::string request = received.substr(0, whole);
      received.erase(0, whole);
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      const std::string answer = answer_(request);
      if (::send(connection.get(), answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return;
    }
  }

  /// Zero while the headers have not all come.
  static size_t size_of_request(const std::string& received) {
    const size_t headers = received.find("\r\n\r\n");
    if (headers == received.npos) return 0;
    const size_t length = received.find("Content-Length: ");
    return headers + 4 + (length < headers ? std::strtoul(received.c_str() + length + 16, nullptr, 10) : 0);
  }

  Answer answer_;
  os::Descriptor listener_;
  uint16_t port_ = 0;
  std::atomic<bool> ends_ = false;
  std::atomic<int> opened_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::list<std::thread> connections_;
  std::thread acceptor_;
};

}  // namespace wasmup::http
