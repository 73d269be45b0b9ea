"""Speaks MQTT with Eclipse Paho for a test: commands come as lines of JSON, answers and messages go back the same way."""

import base64
import json
import os
import socket
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

SECONDS = 15
output = threading.Lock()
peers = {}


def tell(fact):
    with output:
        sys.stdout.write(json.dumps(fact) + "\n")
        sys.stdout.flush()


class Peer:
    """One client. Paho runs its network in a thread of its own."""

    def __init__(self, name, wishes):
        self.name = name
        self.is5 = wishes["version"] == 5
        self.connected = threading.Event()
        self.answered = {}
        self.code = None
        settings = {"client_id": wishes["clientId"], "transport": wishes["transport"]}
        if hasattr(mqtt, "CallbackAPIVersion"):  # Paho 2 wants to be told that it is asked as Paho 1 was
            settings["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION1
        settings["protocol"] = mqtt.MQTTv5 if self.is5 else mqtt.MQTTv311
        if not self.is5:
            settings["clean_session"] = wishes["clean"]
        self.client = mqtt.Client(**settings)
        self.client.username_pw_set(wishes["username"], wishes["password"])
        if wishes["transport"] == "websockets":
            self.client.ws_set_options(path="/mqtt")
        if wishes.get("caFile"):
            self.client.tls_set(ca_certs=wishes["caFile"])
        will = wishes.get("will")
        if will:
            self.client.will_set(will["topic"], will["payload"], will["qos"], will["retain"])
        self.client.on_connect = self.on_connect
        self.client.on_message = self.on_message
        self.client.on_subscribe = lambda client, data, mid, codes, *more: self.answer(mid, codes)
        self.client.on_publish = lambda client, data, mid, *more: self.answer(mid, None)
        self.connect(wishes)

    def connect(self, wishes):
        options = {"keepalive": 60}
        if self.is5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = wishes["expirySeconds"]
            options.update(clean_start=wishes["clean"], properties=properties)
        self.client.connect(wishes["host"], wishes["port"], **options)
        self.client.loop_start()
        if not self.connected.wait(SECONDS):
            raise TimeoutError("no CONNACK")
        if self.code != 0:
            self.client.loop_stop()
            raise ConnectionRefusedError(f"refused with {self.code}")

    def on_connect(self, client, data, flags, code, *more):
        self.code = code.value if hasattr(code, "value") else code
        self.flags = flags
        self.connected.set()

    def on_message(self, client, data, message):
        payload = base64.b64encode(message.payload).decode()
        seen = {"topic": message.topic, "payload": payload, "qos": message.qos, "retain": bool(message.retain)}
        tell({"client": self.name, "message": seen})

    def waiter(self, mid):
        return self.answered.setdefault(mid, [threading.Event(), None])

    def answer(self, mid, codes):
        entry = self.waiter(mid)
        entry[1] = codes
        entry[0].set()

    def wait(self, mid):
        entry = self.waiter(mid)
        if not entry[0].wait(SECONDS):
            raise TimeoutError("no acknowledgement")
        del self.answered[mid]
        return entry[1]

    def subscribe(self, wishes):
        _, mid = self.client.subscribe(wishes["filter"], wishes["qos"])
        return [getattr(code, "value", code) for code in self.wait(mid)]

    def publish(self, wishes):
        payload = base64.b64decode(wishes["payload"])
        info = self.client.publish(wishes["topic"], payload, wishes["qos"], wishes["retain"])
        self.wait(info.mid)

    def leave(self, wishes):
        self.client.disconnect()
        self.client.loop_stop()

    def vanish(self, wishes):
        # The network fails: no DISCONNECT, and nobody comes back.
        self.client.reconnect_delay_set(600, 600)
        # Below TLS and WebSocket, which would say good-bye.
        with socket.socket(fileno=os.dup(self.client.socket().fileno())) as below:
            below.shutdown(socket.SHUT_RDWR)


def obey(command):
    do, name = command["do"], command["client"]
    if do == "connect":
        peers[name] = Peer(name, command)
        return None
    return getattr(peers[name], do)(command)


def run(command):
    try:
        tell({"id": command["id"], "result": obey(command)})
    except Exception as error:  # whatever it is, the test wants to know
        tell({"id": command["id"], "error": f"{type(error).__name__}: {error}"})


for line in sys.stdin:
    threading.Thread(target=run, args=(json.loads(line),), daemon=True).start()
