# make app     the app on localhost            make test    all tests, Chromium included
# make train DATA=chest_xray [WEIGHTS=file]    everything in assets/ from scratch
# make train DATA=chest_xray QUICK=1           the same steps with two epochs and fewer images

PYTHON ?= python3.11
BIN := .venv/bin
PORT ?= 8501

.PHONY: app test browser train splits fit score calibrate evidence ablations report screenshots clean

app: .venv/app
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: .venv/test browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m train.report --check
	$(BIN)/pytest

.venv/app: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement requirements.txt
	touch $@

.venv/test: requirements-dev.txt .venv/app
	$(BIN)/pip install --quiet --requirement requirements-dev.txt
	touch $@

# The browser tests drive the system's Chromium; where there is none and Debian's packages can be had, it is installed.
browser:
	command -v chromium || command -v google-chrome || \
		(apt-get update --quiet --quiet && apt-get install --yes --quiet --quiet chromium)

train: splits fit score calibrate evidence ablations report

# QUICK=1 runs every step on few images, to see the whole chain work before a night is spent. Its networks stay in a folder
# of their own: a whole training refuses runs of another recipe in its folder.
SEEDS := $(if $(QUICK),0,0 1 2)
FEW := $(if $(QUICK),--limit 64)
RUNS := $(if $(QUICK),--limit 512 --runs runs/quick)
SHORT := $(if $(QUICK),--epochs 2 --views 1 --state runs/quick)

# PATIENTS is the rule that finds the patient in a file name, where names are not those of the published set.
splits: .venv/app data-given
	$(BIN)/python -m train.splits --data "$(DATA)" $(if $(PATIENTS),--patients '$(value PATIENTS)')

# The teachers before their students; of each network the seed that is best on validation is released. All networks are
# trained on the same stored views of each training image.
fit: .venv/app data-given
	for seed in $(SEEDS); do \
		$(BIN)/python -m train.fit base_cnn --data "$(DATA)" --resume --seed $$seed $(RUNS) $(SHORT) && \
		$(BIN)/python -m train.fit teacher --data "$(DATA)" --resume --seed $$seed $(RUNS) $(SHORT) && \
		$(BIN)/python -m train.fit resnet50 --data "$(DATA)" --resume --seed $$seed $(RUNS) $(SHORT) \
			$(if $(WEIGHTS),--weights "$(WEIGHTS)") || exit; done
	$(BIN)/python -m train.seeds --data "$(DATA)" $(RUNS) --ship
	$(BIN)/python -m train.distillation --data "$(DATA)" --taught-by none base_cnn --seeds $(SEEDS) $(RUNS) $(SHORT) --ship

score: .venv/app data-given
	$(BIN)/python -m train.score --data "$(DATA)" $(FEW)
	$(BIN)/python -m train.seeds --data "$(DATA)" $(FEW) $(if $(QUICK),--runs runs/quick)

calibrate: .venv/app data-given
	$(BIN)/python -m train.calibrate --data "$(DATA)"

# What the models are worth: each command writes the table of its name.
# ADULTS is the folder of the other hospital's X-rays, where there is one. A table that is not made anew goes: it told of
# the networks before. (train.originals makes the one of the originals, where there are some.)
evidence: .venv/app data-given
	rm -f assets/results/originals.csv $(if $(ADULTS),,assets/results/external.csv)
	$(BIN)/python -m train.styles --data "$(DATA)" $(FEW)
	$(BIN)/python -m train.properties --data "$(DATA)" $(FEW)
	$(BIN)/python -m train.borders --data "$(DATA)"
	$(BIN)/python -m train.shortcut --data "$(DATA)" $(FEW)
	$(BIN)/python -m train.blackout --data "$(DATA)" $(FEW)
	$(BIN)/python -m train.robustness --data "$(DATA)" $(FEW)
	$(BIN)/python -m train.heat_maps --data "$(DATA)" $(FEW) --choose
	$(BIN)/python -m train.heat_maps --data "$(DATA)" $(FEW)
	$(BIN)/python -m train.plausibility --data "$(DATA)" $(if $(QUICK),--pictures 100) $(if $(ADULTS),--adults "$(ADULTS)")
	$(if $(ADULTS),$(BIN)/python -m train.nih --data "$(ADULTS)")
	$(BIN)/python -m benchmarks.reading

ablations: .venv/app data-given
	rm -f assets/results/ablations.csv
	$(BIN)/python -m train.ablations --data "$(DATA)" $(if $(QUICK),--epochs 1 --size 48) $(FEW)

report: .venv/app
	$(BIN)/python -m train.report

screenshots: .venv/test browser
	$(BIN)/python -m tests.browser.screenshots

.PHONY: data-given
data-given:
	@test -n "$(DATA)" || (echo "Name the folder of X-rays: make $(MAKECMDGOALS) DATA=path/to/chest_xray" && false)

clean:
	rm -rf .venv
