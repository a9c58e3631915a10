"""`ner predict` is killed at random moments until it is done; its output is that of a run that
wasn't. python tests/by_hand/predict_killed.py MODEL INPUT FOLDER [KILLS] [OPTIONS...]"""

import random
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

model, source, folder, kills = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
command = [sys.executable, "-m", "spacy", "ner", "predict", model, source]
options = ["--shard-size", "200", *sys.argv[5:]]
folder.mkdir(parents=True)
subprocess.run([*command, folder / "whole.jsonl", *options], check=True)
random.seed(0)
done = 0
while done < kills:
    process = subprocess.Popen(
        [*command, folder / "out.jsonl", *options], stderr=subprocess.DEVNULL
    )
    sleep(random.uniform(5, 15))  # it takes about 7 seconds to start
    if process.poll() is not None:
        print(f"done after {done} kills: start with more texts")
        break
    process.send_signal(signal.SIGKILL)
    process.wait()
    done += 1
    print(f"killed {done}: {len(list(folder.glob('*.shards/shard-*')))} shards", flush=True)
subprocess.run([*command, folder / "out.jsonl", *options], check=True)
same = (folder / "out.jsonl").read_bytes() == (folder / "whole.jsonl").read_bytes()
print("byte for byte the same" if same else "NOT THE SAME")
sys.exit(not same)
