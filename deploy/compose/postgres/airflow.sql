-- MLflow's data base is there already; Airflow has one of its own.
CREATE DATABASE airflow;
