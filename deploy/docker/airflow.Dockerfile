# Airflow with Celery, Deno and a copy of the project, which its workers run steps in.
ARG DENO_VERSION=2.9.6
FROM docker.io/denoland/deno:bin-${DENO_VERSION} AS deno

FROM docker.io/apache/airflow:3.3.2
# Celery 5.7 takes away what the provider imports.
RUN pip install --no-cache-dir "celery[redis]<5.7"
COPY --from=deno /deno /usr/local/bin/deno
WORKDIR /app
COPY --chown=airflow:root deno.json deno.lock ./
COPY --chown=airflow:root src ./src
COPY --chown=airflow:root pipelines ./pipelines
COPY --chown=airflow:root serve ./serve
# The documents of the advisor.
COPY --chown=airflow:root data ./data
ENV DENO_DIR=/home/airflow/deno DINOFLOW_PROJECT=/app
RUN deno install --frozen --quiet && mkdir -p models reports mlruns .dinoflow
WORKDIR /opt/airflow
