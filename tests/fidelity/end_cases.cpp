// SPDX-License-Identifier: MIT
#include "cases.hpp"

namespace wasmup::fidelity {
namespace {

// ---- what is played

void a_whole_request(Player& it) { it.request("/"); }

void a_request_with_trailers(Player& it) {
  it.request("/", {}, false);
  it.request_body("abc");
  it.request_trailers({{"x-t", "1"}});
}

void a_response_in_pieces(Player& it) {
  it.request("/");
  it.respond(200, {}, false);
  it.response_body("abc");
}

void a_response_with_trailers(Player& it) {
  a_response_in_pieces(it);
  it.response_trailers({{"x-t", "1"}});
}

/// The response has begun when the request ends.
void an_early_response(Player& it) {
  it.request("/", {}, false);
  it.request_body("abc");
  it.respond(200, {}, false);
  it.request_end();
}

/// The same, with an answered call-out behind it.
template <void (*play)(Player&)>
void then_an_answer(Player& it) {
  play(it);
  it.answer_call("/x", 200);
}

/// Stream 2 comes and goes while stream 1 waits.
void another_stream(Player& it) {
  it.request("/a");
  it.stream(2);
  it.request("/b");
  it.respond(200);
}

// ---- what the probe does

const std::string held_request = "request_headers: call there /x 0; return 1\n";
const std::string held_response = "response_headers: call there /x 0; return 1\n";
const std::string begun_response = "response_headers: call there /x 0\n";

std::string on_answer(const std::string& steps) {
  return "http_call_response: effective stream 1; " + steps + "\n";
}

Case crash(const std::string& name, const std::string& shows, const std::string& script,
           void (*play)(Player&)) {
  return {.name = name, .shows = shows, .script = script, .play = play, .crashes = true};
}

std::vector<Case> crashes() {
  return {
      crash("two_resets_of_a_held_request",
            "Two resets end Envoy from any callback, here from the answer of a call-out.",
            held_request + on_answer("close request; close request"), then_an_answer<a_whole_request>),
      crash("two_resets_of_a_held_request_by_its_two_names",
            "The request stream and the response stream are one: to close both is to close it twice.",
            held_request + on_answer("close request; close response"), then_an_answer<a_whole_request>),
      crash("three_replies_to_a_held_request", "A third reply to a request that is held ends Envoy.",
            held_request + "response_headers:\n" + on_answer("reply 403 no; reply 404 oh; reply 405 eh"),
            then_an_answer<a_whole_request>),
      crash("a_reset_before_a_response_is_let_go",
            "So does letting a response go that has not begun when its stream was reset before that.",
            held_request + on_answer("close request; continue response"), then_an_answer<a_whole_request>),
      crash("a_reply_before_a_response_is_let_go",
            "In a callback of the request, a reply does not begin before that has returned: letting the "
            "response go ends Envoy.",
            "request_headers: reply 403 no; continue response", a_whole_request),
      crash("two_replies_to_a_held_response", "Two replies in place of a response that is held end Envoy.",
            held_response + on_answer("reply 403 no; reply 404 oh"), then_an_answer<a_response_in_pieces>),
      crash("a_reply_and_a_reset_of_a_held_response", "So do a reply and a reset.",
            held_response + on_answer("reply 403 no; close request"), then_an_answer<a_response_in_pieces>),
      crash("two_replies_to_a_response_that_has_begun",
            "Once response headers are out, two replies end Envoy.",
            begun_response + on_answer("reply 403 no; reply 404 oh"), then_an_answer<a_response_in_pieces>),
      crash("a_reply_after_a_reset_of_a_response_that_has_begun", "So does a reply after a reset.",
            begun_response + on_answer("close request; reply 403 no"), then_an_answer<a_response_in_pieces>),
      crash("a_reset_after_a_reply_to_a_response_that_has_begun", "So does a reset after a reply.",
            begun_response + on_answer("reply 403 no; close request"), then_an_answer<a_response_in_pieces>),
      crash("two_replies_in_a_response_body", "The same holds in on_response_body.",
            "response_body: reply 502 bad; reply 503 worse", a_response_in_pieces),
      crash("a_reply_after_a_reset_in_a_response_body", "So it does of a reset and a reply there.",
            "response_body: close response; reply 502 bad", a_response_in_pieces),
      crash("two_replies_in_response_trailers", "And in on_response_trailers.",
            "response_trailers: reply 502 bad; reply 503 worse", a_response_with_trailers),
      crash("two_resets_in_request_headers",
            "After two resets in on_request_headers, the next request ends Envoy.",
            "1 request_headers: close request; close request",
            [](Player& it) {
              it.request("/a");
              it.stream(2);
              it.request("/b");
            }),
      crash("two_resets_in_a_request_body", "Two resets in on_request_body end Envoy at the body's end.",
            "last request_body: close request; close request",
            [](Player& it) {
              it.request("/", {}, false);
              it.request_body("abc");
              it.request_end();
            }),
      crash("two_resets_in_request_trailers", "Two resets in on_request_trailers end Envoy.",
            "request_trailers: close request; close request", a_request_with_trailers),
      crash("a_reset_in_response_trailers_that_go_on",
            "So does a single one in on_response_trailers, when that answers 0.",
            "response_trailers: close response", a_response_with_trailers),
      crash("letting_a_response_go_in_trailers_that_go_on",
            "So does letting the response go there, when that answers 0.",
            "response_trailers: continue response", a_response_with_trailers),
      crash("two_replies_in_a_request_body_after_an_early_response",
            "When the response has begun before the request has ended, two replies in on_request_body end "
            "Envoy, too.",
            "last request_body: reply 413 long; reply 414 longer", an_early_response),
      crash("two_resets_in_a_request_body_after_an_early_response", "So do two resets.",
            "last request_body: close request; close request", an_early_response),
      crash("two_replies_to_a_reply", "Two replies while another one passes on_response_headers end Envoy.",
            "request_headers: reply 403 no\nresponse_headers: reply 500 oh; reply 501 eh", a_whole_request),
      crash("two_replies_in_the_body_of_a_reply", "So they do in its on_response_body.",
            "request_headers: reply 403 no\nresponse_body: reply 500 oh; reply 501 eh", a_whole_request),
      crash("a_reset_after_a_reply_to_a_reply", "So do a reply and a reset in on_response_headers.",
            "request_headers: reply 403 no\nresponse_headers: reply 500 oh; close request", a_whole_request),
      crash("letting_a_reply_go_that_is_not_held",
            "A reply is let go in its on_response_headers, and not held: Envoy ends.",
            "request_headers: reply 403\nresponse_headers: continue response", a_whole_request),
      crash("two_resets_from_another_streams_log",
            "Another stream's last callbacks can act on a stream, and end Envoy by it.",
            "1 request_headers: return 1\n2 log: effective stream 1; close request; close request",
            another_stream),
      crash("a_response_let_go_from_another_streams_end",
            "So it is when they let a response go that has not begun.",
            "1 request_headers: return 1\n2 delete: effective stream 1; continue response", another_stream),
  };
}

std::vector<Case> survivals() {
  const std::string answer = "root 1: http_call_response with headers, no body, 0 trailers";
  return {
      {.name = "a_reply_after_a_reset_of_a_held_request",
       .shows = "A reply after a reset still gets to the client, as long as no response headers are out: "
                "on_log has been called by then.",
       .unexpected = "In a callback of the request itself the reset counts.",
       .script = held_request + on_answer("close request; reply 403 no") + "log:\nresponse_headers:\ndelete:",
       .play = then_an_answer<a_whole_request>,
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok", answer,
               "effective stream 1 = ok", "close request = ok", "reply 403 no = ok", "stream 1: log",
               "stream 1: response_headers", "stream 1: delete"},
       .client = "403 \"no\""},
      {.name = "a_reset_before_a_reply_to_a_held_request",
       .shows = "A reset after a reply leaves nothing of it.",
       .script = held_request + on_answer("reply 403 no; close request") +
                 "log: get response_headers :status\nresponse_headers:\ndelete:",
       .play = then_an_answer<a_whole_request>,
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok", answer,
               "effective stream 1 = ok", "reply 403 no = ok", "close request = ok",
               "stream 1: response_headers", "stream 1: log", "get response_headers :status = ok \"403\"",
               "stream 1: delete"},
       .client = "cut"},
      {.name = "a_reply_after_a_reset_of_a_held_response",
       .shows = "The same of a response whose headers are held: on_log has the status of that one.",
       .script = held_response + on_answer("close request; reply 403 no") +
                 "log: get response_headers :status\ndelete:",
       .play = then_an_answer<a_response_in_pieces>,
       .log = {"stream 1: response_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "close request = ok", "reply 403 no = ok", "stream 1: log",
               "get response_headers :status = ok \"200\"", "stream 1: delete"},
       .upstream = "GET /",
       .client = "403 \"no\""},
      {.name = "a_reply_after_a_reset_in_response_headers",
       .shows = "So it is in on_response_headers.",
       .script = "response_headers: close response; reply 403 no\nlog:\ndelete:",
       .play = a_response_in_pieces,
       .log = {"stream 1: response_headers", "close response = ok", "reply 403 no = ok", "stream 1: log",
               "stream 1: delete"},
       .upstream = "GET /",
       .client = "403 \"no\""},
      {.name = "a_request_let_go_after_a_reset",
       .shows = "Letting the request go does no harm to a stream that has just been reset.",
       .script =
           held_request + on_answer("close request; continue request") + "log:\nresponse_headers:\ndelete:",
       .play = then_an_answer<a_whole_request>,
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok", answer,
               "effective stream 1 = ok", "close request = ok", "continue request = ok", "stream 1: log",
               "stream 1: delete"},
       .client = "cut"},
      {.name = "a_response_let_go_after_its_reset",
       .shows = "Letting a response go that has begun and is not held does no harm, also after its reset.",
       .script = begun_response + on_answer("continue response; close request; continue response") +
                 "log:\ndelete:",
       .play = then_an_answer<a_response_in_pieces>,
       .log = {"stream 1: response_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue response = ok", "close request = ok", "continue response = ok", "stream 1: log",
               "stream 1: delete"},
       .upstream = "GET /",
       .client = "200 \"abc\" cut"},
      {.name = "a_held_response_let_go_twice",
       .shows = "Neither does letting a held response go twice, when more of it is to come.",
       .script = held_response + on_answer("continue response; continue response"),
       .play = then_an_answer<a_response_in_pieces>,
       .log = {"stream 1: response_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue response = ok", "continue response = ok"},
       .upstream = "GET /",
       .client = "200 \"abc\""},
      {.name = "a_reply_in_a_request_body_after_an_early_response",
       .shows = "When the response has begun before the request has ended, a reply in on_request_body cuts "
                "the stream.",
       .script = "last request_body: reply 413 long\nresponse_headers:\nlog:\ndelete:",
       .play = an_early_response,
       .log = {"stream 1: response_headers", "stream 1: request_body of 0, the end", "reply 413 long = ok",
               "stream 1: log", "stream 1: delete"},
       .upstream = "POST / \"abc\"",
       .client = "200 cut"},
      {.name = "a_reply_in_a_request_body_in_place_of_an_early_response",
       .shows = "If the headers of that response are held, the reply takes its place.",
       .script = "last request_body: reply 413 long\nresponse_headers: return 1\nlog:\ndelete:",
       .play = an_early_response,
       .log = {"stream 1: response_headers", "stream 1: request_body of 0, the end", "reply 413 long = ok",
               "stream 1: log", "stream 1: delete"},
       .upstream = "POST / \"abc\"",
       .client = "413 \"long\""},
      {.name = "a_reset_in_response_trailers_that_are_held",
       .shows = "A reset in on_response_trailers cuts the stream, when that answers 1.",
       .script = "response_trailers: close response; return 1\nlog:\ndelete:",
       .play = a_response_with_trailers,
       .log = {"stream 1: response_trailers of 1", "close response = ok", "stream 1: log",
               "stream 1: delete"},
       .upstream = "GET /",
       .client = "200 \"abc\" cut"},
      {.name = "an_answer_after_a_reply",
       .shows = "A stream that was answered has gone when its call-out's answer comes.",
       .script = "request_headers: call there /x 0; reply 403 no\ndelete:\n" +
                 on_answer("effective stream 1; close request; close request"),
       .play = then_an_answer<a_whole_request>,
       .log = {"stream 1: request_headers, the end", "call there /x 0 = ok", "reply 403 no = ok",
               "stream 1: delete", answer, "effective stream 1 = bad_argument",
               "effective stream 1 = bad_argument", "close request = ok", "close request = ok"},
       .client = "403 \"no\""},
      {.name = "a_reply_from_another_streams_log",
       .shows = "A stream that waits can be answered in another one's on_log.",
       .script = "1 request_headers: return 1\n2 log: effective stream 1; reply 403 no\n1 log:\n1 delete:",
       .play = another_stream,
       .log = {"stream 1: request_headers, the end", "stream 2: log", "effective stream 1 = ok",
               "reply 403 no = ok", "stream 1: log", "stream 1: delete"},
       .upstream = " | GET /b",
       .client = "403 \"no\" | 200"},
      {.name = "a_reset_from_another_streams_end",
       .shows = "Or be reset in its on_delete.",
       .script =
           "1 request_headers: return 1\n2 delete: effective stream 1; close request\n1 log:\n1 delete:",
       .play = another_stream,
       .log = {"stream 1: request_headers, the end", "stream 2: delete", "effective stream 1 = ok",
               "close request = ok", "stream 1: log", "stream 1: delete"},
       .upstream = " | GET /b",
       .client = "cut | 200"},
  };
}

/// Envoy lives, and does what nobody asked for.
std::vector<Case> mishaps() {
  const std::string answer = "root 1: http_call_response with headers, no body, 0 trailers";
  return {
      {.name = "a_held_response_let_go_after_a_reset",
       .shows = "A response that is held and let go after a reset gets to the client as if it were whole.",
       .script = held_response + on_answer("close request; continue response") + "log:\ndelete:",
       .play = then_an_answer<a_response_in_pieces>,
       .log = {"stream 1: response_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "close request = ok", "continue response = ok", "stream 1: log", "stream 1: delete"},
       .upstream = "GET /",
       .client = "200 \"abc\"",
       .is_mishap = true},
      {.name = "a_held_response_body_let_go_after_a_reply",
       .shows = "So does a body that is held, when a reply has cut the stream.",
       .script = "response_body: call there /x 0; return 1\n" + on_answer("reply 403 no; continue response") +
                 "log:\ndelete:",
       .play = then_an_answer<a_response_in_pieces>,
       .log = {"stream 1: response_body of 3", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "reply 403 no = ok", "continue response = ok", "stream 1: log", "stream 1: delete"},
       .upstream = "GET /",
       .client = "200 \"abc\"",
       .is_mishap = true},
  };
}

}  // namespace

std::vector<Case> end_cases() {
  std::vector<Case> all = crashes();
  for (const auto& more : {survivals(), mishaps()}) all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace wasmup::fidelity
