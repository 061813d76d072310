(* The programs of the benchmark with OCaml's own Lwt.  One run of one of them: ocaml PROGRAM KIND SIZE UNITS
   prints what it took, as JSON. *)

open Lwt.Syntax

let wait_of = function
  | "quick" -> fun () -> Lwt.return_unit
  | "medium" -> Lwt.pause
  | _ -> fun () -> Lwt_unix.sleep 0.0

let rec repeat times body =
  if times = 0 then Lwt.return_unit
  else
    let* () = body () in
    repeat (times - 1) body

let basic wait iterations yields =
  let count = ref 0 in
  let* () =
    repeat iterations (fun () ->
        let+ () = repeat yields wait in
        count := !count + yields)
  in
  Lwt.return !count

let rec sum_to wait depth =
  let* () = wait () in
  if depth = 0 then Lwt.return 0
  else
    let* rest = sum_to wait (depth - 1) in
    Lwt.return (depth + rest)

let recurse wait times depth =
  let total = ref 0 in
  let* () =
    repeat times (fun () ->
        let+ sum = sum_to wait depth in
        total := !total + sum)
  in
  Lwt.return !total

let rec count_down count total =
  let* () = Lwt.pause () in
  if count = 0 then Lwt.return total else count_down (count - 1) (total + 1)

let number n = Lwt.return n

let row () =
  let* a = number 1 in
  let* b = number 2 in
  let* c = number 3 in
  let* d = number 4 in
  Lwt.return (a + b + c + d)

let rows count =
  let total = ref 0 in
  let* () =
    repeat count (fun () ->
        let+ sum = row () in
        total := !total + sum)
  in
  Lwt.return !total

let inner promise = let+ value = promise in value + 1
let middle promise = let+ value = inner promise in value + 1
let outer promise = let+ value = middle promise in value + 1

let park count probe =
  let sources = Array.init count (fun _ -> Lwt.wait ()) in
  let threads = Array.map (fun (promise, _) -> outer promise) sources in
  probe ();
  Array.iter (fun (_, resolver) -> Lwt.wakeup resolver 1) sources;
  let add sum thread =
    let* sum = sum in
    let+ value = thread in
    sum + value
  in
  Array.fold_left add (Lwt.return 0) threads

(* A thread waits, and sends itself a byte now and then; another one reads. *)
let polled wait times every sent arrived =
  let source, sink = Unix.socketpair Unix.PF_UNIX Unix.SOCK_STREAM 0 in
  let source = Lwt_unix.of_unix_file_descr ~blocking:false source in
  let wanted = times / every in
  let buffer = Bytes.create 4096 in
  let rec read got =
    if got = wanted then Lwt.return got
    else
      let* count = Lwt_unix.read source buffer 0 4096 in
      arrived count;
      read (got + count)
  in
  let rec write left =
    if left = 0 then Lwt.return_unit
    else
      let* () = wait () in
      if left mod every = 0 then begin
        sent ();
        ignore (Unix.write_substring sink "x" 0 1)
      end;
      write (left - 1)
  in
  let reader = read 0 in
  let* () = write times in
  let* got = reader in
  let+ () = Lwt_unix.close source in
  Unix.close sink;
  got

(* An echo server, until as many connections as that have come and gone. *)
let echo connections started =
  let all_gone, last_is_gone = Lwt.wait () in
  let left = ref connections and total = ref 0 in
  let serve _ socket =
    let buffer = Bytes.create 4096 in
    let rec go_on () =
      let* count = Lwt_unix.read socket buffer 0 4096 in
      if count = 0 then Lwt.return_unit
      else begin
        total := !total + count;
        let* _ = Lwt_unix.write socket buffer 0 count in
        go_on ()
      end
    in
    let+ () = go_on () in
    decr left;
    if !left = 0 then Lwt.wakeup last_is_gone ()
  in
  let listening = Unix.ADDR_INET (Unix.inet_addr_loopback, 0) in
  let socket = Lwt_unix.socket Unix.PF_INET Unix.SOCK_STREAM 0 in
  let* server =
    Lwt_io.establish_server_with_client_socket ~server_fd:socket ~backlog:connections listening
      serve
  in
  (match Lwt_unix.getsockname socket with Unix.ADDR_INET (_, port) -> started port | _ -> ());
  let* () = all_gone in
  let+ () = Lwt_io.shutdown_server server in
  !total

(* Measuring *)

let check result expected = if result <> expected then failwith (Printf.sprintf "%d" result)

let sample units expected run =
  let started = Sys.time () in
  let rec again times =
    check (Lwt_main.run (run ())) expected;
    let spent = Sys.time () -. started in
    if spent >= 0.02 then spent /. float (times * units) *. 1e9 else again (times + 1)
  in
  Printf.printf "{\"ns\": %f}\n" (again 1)

let resident () =
  try
    let file = open_in "/proc/self/statm" in
    Scanf.sscanf (input_line file) "%d %d" (fun _ pages -> pages * 4096)
  with Sys_error _ -> 0

let measure_park count =
  let before = resident () in
  let started = Sys.time () in
  let parked = ref started and size = ref 0 in
  let probe () = parked := Sys.time (); size := resident () in
  check (Lwt_main.run (park count probe)) (4 * count);
  let ended = Sys.time () in
  let each = float count in
  Printf.printf "{\"ns\": %f, \"wake\": %f, \"resident\": %f}\n"
    ((!parked -. started) /. each *. 1e9)
    ((ended -. !parked) /. each *. 1e9)
    (float (!size - before) /. each)

let live_bytes () =
  Gc.full_major ();
  (Gc.stat ()).Gc.live_words * (Sys.word_size / 8)

let weigh count =
  let before = live_bytes () in
  let size = ref 0 in
  check (Lwt_main.run (park count (fun () -> size := live_bytes ()))) (4 * count);
  Printf.printf "{\"bytes\": %f}\n" (float (!size - before) /. float count)

let measure_polled wait times =
  let every = 100 in
  let sent = Queue.create () and longest = ref 0.0 in
  let arrived count =
    let now = Sys.time () in
    for _ = 1 to count do
      longest := max !longest (now -. Queue.pop sent)
    done
  in
  let started = Sys.time () in
  let run = polled wait times every (fun () -> Queue.push (Sys.time ()) sent) arrived in
  check (Lwt_main.run run) (times / every);
  Printf.printf "{\"ns\": %f, \"delay\": %f}\n"
    ((Sys.time () -. started) /. float times *. 1e9)
    (!longest *. 1e9)

let measure_echo connections messages =
  let started = ref 0.0 in
  let announce port = Printf.printf "%d\n%!" port; started := Sys.time () in
  check (Lwt_main.run (echo connections announce)) (64 * messages);
  Printf.printf "{\"ns\": %f}\n" ((Sys.time () -. !started) /. float messages *. 1e9)

let measure () =
  let size = int_of_string Sys.argv.(3) and units = int_of_string Sys.argv.(4) in
  let wait = wait_of Sys.argv.(2) in
  match Sys.argv.(1) with
  | "basic" ->
    let iterations = max 1 (units / size) in
    let waits = iterations * size in
    sample waits waits (fun () -> basic wait iterations size)
  | "recurse" ->
    let times = max 1 (units / size) in
    sample (times * (size + 1)) (times * size * (size + 1) / 2) (fun () -> recurse wait times size)
  | "tail" -> sample size size (fun () -> count_down size 0)
  | "row" -> sample units (10 * size) (fun () -> rows size)
  | "park" -> measure_park size
  | "weigh" -> weigh size
  | "watched" -> sample units 1 (fun () -> polled wait size size ignore ignore)
  | "polled" -> measure_polled wait size
  | "echo" -> measure_echo size units
  | _ -> print_endline "{\"skipped\": \"has no such program\"}"

let () =
  try measure () with Stack_overflow -> print_endline "{\"skipped\": \"overflows its stack\"}"
