// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>

#include <wasmup/wasmup.hpp>

/// Asks before it lets a request go on, as often and in the way the request's headers say.
struct Root : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    if (configuration == "tick") return static_cast<bool>(wasmup::set_tick_period(std::chrono::seconds(1)));
    return true;
  }

  void on_tick() {
    const auto sent = wasmup::http_call(*this,
                                        {.cluster = "auth",
                                         .method = "GET",
                                         .authority = "auth",
                                         .path = "/from-root",
                                         .timeout = std::chrono::milliseconds(200)},
                                        &Root::on_answer);
    if (!sent) wasmup::log::error("not sent");
  }

  void on_answer(wasmup::HttpCallResponse response) {
    wasmup::log::info("root was told ", std::to_string(response.status()), " ", *response.body());
  }
};

struct HttpCalls : wasmup::HttpFilter<Root> {
  wasmup::HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    using namespace std::chrono_literals;
    const wasmup::Result<wasmup::Bytes> cluster = headers.get("x-cluster");
    const wasmup::Result<wasmup::Bytes> paths = headers.get("x-paths");
    for (std::string_view rest = paths->view(); !rest.empty();) {
      const std::string_view path = rest.substr(0, rest.find(' '));
      rest.remove_prefix(path.size() < rest.size() ? path.size() + 1 : path.size());
      const auto sent =
          wasmup::http_call(*this,
                            {.cluster = *cluster,
                             .method = "POST",
                             .authority = "auth",
                             .path = path,
                             .timeout = 300ms,
                             .headers = {{"x-from", "filter"}},
                             .body = "question",
                             .trailers = {{"x-end", "1"}}},
                            [path = std::string(path)](HttpCalls& self, wasmup::HttpCallResponse response) {
                              self.on_answer(path, response);
                            });
      if (!sent) {
        wasmup::log::warn("not sent: ", std::to_string(static_cast<int>(sent.status())));
        continue;
      }
      ++waiting_;
    }
    return waiting_ != 0 ? wasmup::HeadersAction::hold_all : wasmup::HeadersAction::continue_iteration;
  }

 private:
  void on_answer(std::string_view path, wasmup::HttpCallResponse response) {
    if (response.failed()) wasmup::log::info("no answer");
    const wasmup::Result<wasmup::Bytes> user = response.headers().get("x-user");
    const wasmup::Result<wasmup::Bytes> trailer = response.trailers().get("x-trailer");
    std::string answer = std::string(path) + "=" + std::to_string(response.status()) + " " +
                         std::string(response.body()->view()) + " " + std::string(user->view()) + " " +
                         std::string(trailer->view());
    while (answer.ends_with(' ')) answer.pop_back();  // no header's value ends so
    if (!wasmup::RequestHeaders().add("x-answer", answer)) wasmup::log::info(answer);
    if (--waiting_ != 0) return;
    if (response.status() == 403) {
      wasmup::send_local_response({.status = 403, .body = "no"}).ignore();
    } else {
      wasmup::continue_request().ignore();
    }
  }

  int waiting_ = 0;
};

WASMUP_REGISTER(HttpCalls)
