# Serves a pipeline over HTTP. `make wheels` first (docs/deploy.md).
FROM python:3.12-slim
ARG PIPELINE=en_ner_bilstm_crf
ENV PIPELINE=$PIPELINE
# the CPU build: the index's own has a GPU's libraries, too
RUN pip install --no-cache-dir torch --index-url https://download.pytorch.org/whl/cpu
RUN --mount=type=bind,source=packages,target=/packages \
    pip install --no-cache-dir --find-links /packages "$PIPELINE" "spacy-ner-archs[serve]"
USER nobody
EXPOSE 8000
CMD exec python -m spacy ner serve "$PIPELINE" --host 0.0.0.0 --port 8000
