"""moto in place of versitygw, by the arguments that the compose file gives that: a bucket for each
folder below its root. moto keeps all in memory and takes any signature."""

import argparse
import os

import boto3
from moto.server import ThreadedMotoServer

parser = argparse.ArgumentParser()
parser.add_argument("--port", required=True)
parser.add_argument("--health", required=True)
parser.add_argument("posix")
parser.add_argument("folder")
args = parser.parse_args()

host, port = args.port.split(":")
server = ThreadedMotoServer(ip_address=host, port=int(port), verbose=False)
server.start()
client = boto3.client(
    "s3",
    endpoint_url=f"http://{host}:{port}",
    region_name="us-east-1",
    aws_access_key_id=os.environ["ROOT_ACCESS_KEY"],
    aws_secret_access_key=os.environ["ROOT_SECRET_KEY"],
)
# What asks after its health finds one more bucket, made last.
for bucket in [*os.listdir(args.folder), args.health.strip("/")]:
    client.create_bucket(Bucket=bucket, ACL="public-read")
server._thread.join()
