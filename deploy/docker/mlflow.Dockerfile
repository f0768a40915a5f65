# MLflow's server with the drivers for PostgreSQL and S3, which its own image lacks.
FROM docker.io/library/python:3.12-slim-bookworm
RUN pip install --no-cache-dir mlflow==3.17.2 psycopg2-binary==2.9.13 boto3==1.40.0 \
  && useradd --uid 10001 --create-home mlflow
USER 10001:10001
WORKDIR /home/mlflow
EXPOSE 5000
CMD ["mlflow", "server", "--host", "0.0.0.0", "--port", "5000", "--allowed-hosts", "*"]
