// SPDX-License-Identifier: MIT
#include "cases.hpp"

namespace wasmup::fidelity {
namespace {

constexpr uint32_t limit = 1000;
constexpr size_t piece = 400;

/// So many pieces of a body; three are more than the limit.
std::string pieces(size_t count) { return std::string(count * piece, 'a'); }
std::string quoted(size_t count) { return "\"" + pieces(count) + "\""; }

void request_of(Player& it, size_t count) {
  it.request("/", {}, false);
  for (size_t i = 0; i != count; ++i) it.request_body(pieces(1));
  it.request_end();
}

void response_of(Player& it, size_t count) {
  it.respond(200, {}, false);
  for (size_t i = 0; i != count; ++i) it.response_body(pieces(1));
  it.response_end();
}

void a_long_request(Player& it) { request_of(it, 5); }

void a_long_request_let_go(Player& it) {
  a_long_request(it);
  it.answer_call("/x", 200);
}

/// For one that goes on to the upstream.
void a_long_request_let_go_and_answered(Player& it) {
  a_long_request_let_go(it);
  it.respond(200);
}

void a_long_request_after_an_answer(Player& it) {
  it.request("/", {}, false);
  it.answer_call("/x", 200);
  for (size_t i = 0; i != 5; ++i) it.request_body(pieces(1));
  it.request_end();
}

void a_long_response(Player& it) {
  it.request("/");
  response_of(it, 5);
}

void a_long_response_let_go(Player& it) {
  a_long_response(it);
  it.answer_call("/x", 200);
}

const std::string answer = "root 1: http_call_response with headers, no body, 0 trailers";
const std::string ends = "log: get response_headers :status\n";
const std::string whole_body = "request_body: return 1\nlast request_body:\n";
const std::string whole_response_body = "response_body: return 1\nlast response_body:\n";
const std::string let_request_go = "http_call_response: effective stream 1; continue request\n";
const std::string let_response_go = "http_call_response: effective stream 1; continue response\n";

std::string held(const std::string& message, int answer_of_headers) {
  return message + "_headers: call there /x 0; return " + std::to_string(answer_of_headers) + "\n";
}

std::vector<Case> limits_of_requests() {
  return {
      {.name = "a_body_of_the_limit_is_gathered",
       .shows = "A body that is gathered (1) may be as long as the listener's "
                "per_connection_buffer_limit_bytes, which is 1 MiB by default.",
       .script = whole_body,
       .options = {.buffer_limit = limit},
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body(std::string(limit, 'a'));
             it.request_end();
             it.respond(200);
           },
       .log = {"stream 1: request_body of 1000", "stream 1: request_body of 1000, the end"},
       .upstream = "POST / \"" + std::string(limit, 'a') + "\"",
       .client = "200"},
      {.name = "a_gathered_request_past_the_limit",
       .shows =
           "When it is longer the client gets 413, through the module's response callbacks. The callback "
           "that passes the limit has run.",
       .script = whole_body + "response_headers: get response_headers :status\n" + ends,
       .options = {.buffer_limit = limit},
       .play = a_long_request,
       .log = {"stream 1: request_body of 400", "stream 1: request_body of 800",
               "stream 1: request_body of 1200", "stream 1: response_headers",
               "get response_headers :status = ok \"413\"", "stream 1: log",
               "get response_headers :status = ok \"413\""},
       .upstream = "POST /",
       .client = "413 \"Payload Too Large\""},
      {.name = "a_request_past_the_default_limit",
       .shows = "So it is at a MiB, when nothing is said.",
       .script = "request_headers: return 3",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body(std::string((1 << 20) + 1, 'a'));
             it.request_end();
           },
       .log = {"stream 1: request_headers"},
       .client = "413 \"Payload Too Large\""},
      {.name = "a_gathered_request_past_the_limit_while_its_headers_are_held",
       .shows = "The same of one whose headers are held alone, with allow_on_headers_stop_iteration.",
       .script = "request_headers: return 1\n" + whole_body + ends,
       .options = {.allow_on_headers_stop_iteration = true, .buffer_limit = limit},
       .play = a_long_request,
       .log = {"stream 1: request_headers", "stream 1: request_body of 400", "stream 1: request_body of 800",
               "stream 1: request_body of 1200", "stream 1: log",
               "get response_headers :status = ok \"413\""},
       .client = "413 \"Payload Too Large\""},
      {.name = "a_held_request_past_the_limit_makes_the_client_wait",
       .shows = "A request whose headers' callback answered 1 or 4 is held up to the limit: then the client "
                "has to wait until it goes on.",
       .script = held("request", 4) + let_request_go + "request_body:\n",
       .options = {.buffer_limit = limit},
       .play = a_long_request_let_go_and_answered,
       .log = {"stream 1: request_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue request = ok", "stream 1: request_body of 1200", "stream 1: request_body of 800",
               "stream 1: request_body of 0, the end"},
       .upstream = "POST / " + quoted(5),
       .client = "200"},
      {.name = "a_request_held_past_the_limit_and_then_gathered",
       .shows =
           "When such a body is then gathered (1), it is stuck: no more of it comes, and nothing answers "
           "the client.",
       .unexpected = "No limit is told of, neither to the module nor to the client. Only another callback "
                     "gets it out, by letting it go, a reply or a reset.",
       .script = held("request", 4) + let_request_go + whole_body + "response_headers:\n",
       .options = {.buffer_limit = limit},
       .play = a_long_request_let_go,
       .log = {"stream 1: request_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue request = ok", "stream 1: request_body of 1200"},
       .upstream = "POST /"},
      {.name = "a_stuck_request_is_let_go",
       .shows = "Let go again, it moves on by as much.",
       .script = held("request", 4) + let_request_go + "request_body: call there /y 0; return 1\n" +
                 "last request_body:\n",
       .options = {.buffer_limit = limit},
       .play =
           [](Player& it) {
             a_long_request_let_go(it);
             it.answer_call("/y", 200);
             it.respond(200);
           },
       .log = {"stream 1: request_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue request = ok", "stream 1: request_body of 1200", "call there /y 0 = ok", answer,
               "effective stream 1 = ok", "continue request = ok", "stream 1: request_body of 800",
               "call there /y 0 = ok", "stream 1: request_body of 800, the end"},
       .upstream = "POST / " + quoted(5),
       .client = "200"},
      {.name = "a_stuck_request_is_answered",
       .shows = "A reply gets it out, too.",
       .script = held("request", 1) + let_request_go + "request_body: tick 50; return 1\n" +
                 "served tick: tick 0; effective stream 1; reply 413 long\n",
       .options = {.buffer_limit = limit},
       .play =
           [](Player& it) {
             a_long_request_let_go(it);
             it.until("reply 413 long = ok");
           },
       .log = {"stream 1: request_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue request = ok", "stream 1: request_body of 1200", "tick 50 = ok", "root 1: tick",
               "tick 0 = ok", "effective stream 1 = ok", "reply 413 long = ok"},
       .upstream = "POST /",
       .client = "413 \"long\""},
      {.name = "a_request_gathered_once_it_is_let_go",
       .shows = "What comes after it was let go is counted as ever: 413.",
       .script = held("request", 4) + let_request_go + whole_body + ends,
       .options = {.buffer_limit = limit},
       .play = a_long_request_after_an_answer,
       .log = {"stream 1: request_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue request = ok", "stream 1: request_body of 400", "stream 1: request_body of 800",
               "stream 1: request_body of 1200", "stream 1: log",
               "get response_headers :status = ok \"413\""},
       .upstream = "POST /",
       .client = "413 \"Payload Too Large\""},
      {.name = "a_request_held_whole_within_the_limit",
       .shows = "Within the limit a held body can be gathered.",
       .script = held("request", 4) + let_request_go + whole_body,
       .options = {.buffer_limit = limit},
       .play =
           [](Player& it) {
             request_of(it, 2);
             it.answer_call("/x", 200);
             it.respond(200);
           },
       .log = {"stream 1: request_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue request = ok", "stream 1: request_body of 800, the end"},
       .upstream = "POST / " + quoted(2),
       .client = "200"},
      {.name = "a_buffered_request_past_the_limit",
       .shows = "A request whose headers' callback answered 3 is answered 413 at once when it is longer, "
                "through the module's response callbacks; nothing of it went on.",
       .script = held("request", 3) + let_request_go + whole_body + "response_headers:\n" + ends,
       .options = {.buffer_limit = limit},
       .play = a_long_request_let_go,
       .log = {"stream 1: request_headers", "call there /x 0 = ok", "stream 1: response_headers",
               "stream 1: log", "get response_headers :status = ok \"413\"", answer,
               "effective stream 1 = bad_argument", "continue request = ok"},
       .client = "413 \"Payload Too Large\""},
      {.name = "a_buffered_request_gathered_once_it_is_let_go",
       .shows = "So it is when it goes on and is gathered, and longer then.",
       .script = held("request", 3) + let_request_go + whole_body,
       .options = {.buffer_limit = limit},
       .play = a_long_request_after_an_answer,
       .log = {"stream 1: request_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue request = ok", "stream 1: request_body of 400", "stream 1: request_body of 800",
               "stream 1: request_body of 1200"},
       .upstream = "POST /",
       .client = "413 \"Payload Too Large\""},
      {.name = "a_request_held_chunk_by_chunk_past_the_limit",
       .shows = "A body that is held with 2 is stuck past the limit, until another callback lets it go.",
       .script = "request_body: call there /y 0; return 2\nlast request_body:\n" + let_request_go,
       .options = {.buffer_limit = limit},
       .play =
           [](Player& it) {
             a_long_request(it);
             it.answer_call("/y", 200);
             it.respond(200);
           },
       .log = {"stream 1: request_body of 400", "call there /y 0 = ok", "stream 1: request_body of 400",
               "call there /y 0 = ok", "stream 1: request_body of 400", "call there /y 0 = ok", answer,
               "effective stream 1 = ok", "continue request = ok", "stream 1: request_body of 800",
               "call there /y 0 = ok", "stream 1: request_body of 0, the end"},
       .upstream = "POST / " + quoted(5),
       .client = "200"},
      {.name = "dropped_chunks_have_no_limit",
       .shows = "What is not kept (3) has no limit.",
       .script = "request_body: return 3\nlast request_body: write request_body 0 0 all\n",
       .options = {.buffer_limit = limit},
       .play =
           [](Player& it) {
             a_long_request(it);
             it.respond(200);
           },
       .log = {"stream 1: request_body of 400", "stream 1: request_body of 400",
               "stream 1: request_body of 400", "stream 1: request_body of 400",
               "stream 1: request_body of 400", "stream 1: request_body of 0, the end",
               "write request_body 0 0 all = ok"},
       .upstream = "POST / \"all\"",
       .client = "200"},
      {.name = "what_was_held_is_not_dropped",
       .shows =
           "A body that was held with its headers stays in the buffer, also when its callback answers 3.",
       .script = held("request", 4) + let_request_go + "request_body: return 3\nlast request_body:\n",
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             it.request_body(pieces(1));
             it.answer_call("/x", 200);
             it.request_body("gone");
             it.request_end();
             it.respond(200);
           },
       .log = {"stream 1: request_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue request = ok", "stream 1: request_body of 400", "stream 1: request_body of 4",
               "stream 1: request_body of 0, the end"},
       .upstream = "POST / " + quoted(1),
       .client = "200"},
      {.name = "held_trailers_past_the_limit",
       .shows = "Trailers of a request that is stuck do not come, either.",
       .script = held("request", 4) + let_request_go + "request_body: return 1\nrequest_trailers:\n",
       .options = {.buffer_limit = limit},
       .play =
           [](Player& it) {
             it.request("/", {}, false);
             for (size_t i = 0; i != 3; ++i) it.request_body(pieces(1));
             it.request_trailers({{"x-t", "1"}});
             it.answer_call("/x", 200);
           },
       .log = {"stream 1: request_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue request = ok", "stream 1: request_body of 1200"},
       .upstream = "POST /"},
      {.name = "a_body_emptied_while_it_is_held_past_the_limit",
       .shows = "A filter that takes a held body out of its buffer gets the rest of it.",
       .script = held("request", 4) + let_request_go +
                 "request_body: write request_body 0 5000 x; return 1\nlast request_body:\n",
       .options = {.buffer_limit = limit},
       .play = a_long_request_let_go_and_answered,
       .log = {"stream 1: request_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue request = ok", "stream 1: request_body of 1200", "write request_body 0 5000 x = ok",
               "stream 1: request_body of 801", "write request_body 0 5000 x = ok",
               "stream 1: request_body of 1, the end"},
       .upstream = "POST / \"x\"",
       .client = "200"},
  };
}

std::vector<Case> limits_of_responses() {
  return {
      {.name = "a_gathered_response_past_the_limit",
       .shows =
           "A response that is gathered (1) and longer is cut, as its headers are out. The callback that "
           "would have passed the limit does not run.",
       .script = whole_response_body + ends + "delete:\n",
       .options = {.buffer_limit = limit},
       .play = a_long_response,
       .log = {"stream 1: response_body of 400", "stream 1: response_body of 800", "stream 1: log",
               "get response_headers :status = ok \"200\"", "stream 1: delete"},
       .upstream = "GET /",
       .client = "200 cut"},
      {.name = "the_first_chunk_of_a_response_past_the_limit",
       .shows = "It has run if it is the first one.",
       .script = whole_response_body + ends,
       .options = {.buffer_limit = limit},
       .play =
           [](Player& it) {
             it.request("/");
             it.respond(200, {}, false);
             it.response_body(pieces(3));
           },
       .log = {"stream 1: response_body of 1200", "stream 1: log",
               "get response_headers :status = ok \"200\""},
       .upstream = "GET /",
       .client = "200 cut"},
      {.name = "a_gathered_response_past_the_limit_while_its_headers_are_held",
       .shows = "With headers that are held alone (allow_on_headers_stop_iteration) it is a 500, past the "
                "module's callbacks.",
       .script = "response_headers: return 1\n" + whole_response_body + ends,
       .options = {.allow_on_headers_stop_iteration = true, .buffer_limit = limit},
       .play = a_long_response,
       .log = {"stream 1: response_headers", "stream 1: response_body of 400",
               "stream 1: response_body of 800", "stream 1: log",
               "get response_headers :status = ok \"500\""},
       .upstream = "GET /",
       .client = "500 \"Internal Server Error\""},
      {.name = "a_buffered_response_past_the_limit",
       .shows = "So it is, at once, when the headers' callback answered 3.",
       .script = held("response", 3) + let_response_go + whole_response_body + ends,
       .options = {.buffer_limit = limit},
       .play = a_long_response_let_go,
       .log = {"stream 1: response_headers", "call there /x 0 = ok", "stream 1: log",
               "get response_headers :status = ok \"500\"", answer, "effective stream 1 = bad_argument",
               "continue response = ok"},
       .upstream = "GET /",
       .client = "500 \"Internal Server Error\""},
      {.name = "a_held_response_past_the_limit_makes_the_upstream_wait",
       .shows = "With 1 or 4 the upstream has to wait until it goes on.",
       .script = held("response", 1) + let_response_go + "response_body:\n",
       .options = {.buffer_limit = limit},
       .play = a_long_response_let_go,
       .log = {"stream 1: response_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue response = ok", "stream 1: response_body of 1200", "stream 1: response_body of 800",
               "stream 1: response_body of 0, the end"},
       .upstream = "GET /",
       .client = "200 " + quoted(5)},
      {.name = "a_response_held_past_the_limit_and_then_gathered",
       .shows = "When such a response is then gathered (1), it is stuck: its headers are out, and no more "
                "comes.",
       .unexpected = "Nothing is told of the limit, as with requests.",
       .script = held("response", 4) + let_response_go + whole_response_body,
       .options = {.buffer_limit = limit},
       .play = a_long_response_let_go,
       .log = {"stream 1: response_headers", "call there /x 0 = ok", answer, "effective stream 1 = ok",
               "continue response = ok", "stream 1: response_body of 1200"},
       .upstream = "GET /",
       .client = "200"},
      {.name = "a_response_held_chunk_by_chunk_past_the_limit",
       .shows = "So is one that is held with 2.",
       .script = "response_body: return 2\nlast response_body:\n",
       .options = {.buffer_limit = limit},
       .play = a_long_response,
       .log = {"stream 1: response_body of 400", "stream 1: response_body of 400",
               "stream 1: response_body of 400"},
       .upstream = "GET /",
       .client = "200"},
  };
}

}  // namespace

std::vector<Case> limit_cases() {
  std::vector<Case> all = limits_of_requests();
  const std::vector<Case> responses = limits_of_responses();
  all.insert(all.end(), responses.begin(), responses.end());
  return all;
}

}  // namespace wasmup::fidelity
