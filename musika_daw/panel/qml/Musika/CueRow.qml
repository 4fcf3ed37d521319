// What the song is called to do next: from the next phrase on, with shift from the next bar on.
import QtQuick
import QtQuick.Layouts

ColumnLayout {
    id: cues
    spacing: 4
    function call(cue, when) {
        link.send("/musika/cue", when ? [cue, when] : [cue]);
    }
    Caption { text: qsTr("cues") }
    RowLayout {
        spacing: 4
        Layout.fillWidth: true
        Repeater {
            model: [
                { cue: "fill", label: qsTr("fill"), tip: qsTr("the drums lead on in the phrase's last bar") },
                { cue: "break", label: qsTr("break"), tip: qsTr("no kick and no bass until the next cue") },
                { cue: "build", label: qsTr("build"), tip: qsTr("it rises for eight bars, then drops") },
                { cue: "drop", label: qsTr("drop"), tip: qsTr("everything plays, full and bright") },
                { cue: "end", label: qsTr("end"), tip: qsTr("stem after stem leaves, then the song is over") }
            ]
            Button {
                id: one
                required property var modelData
                objectName: "cue " + modelData.cue
                text: modelData.label
                compact: true
                leftPadding: 2
                rightPadding: 2
                tip: modelData.tip + " – " + qsTr("from the next phrase on; with shift: from the next bar on")
                learns: ({ address: "/musika/cue", label: modelData.label, help: modelData.tip, sends: modelData.cue })
                Layout.fillWidth: true
                Layout.preferredWidth: 40
                onClicked: cues.call(modelData.cue, "")
                TapHandler {
                    acceptedModifiers: Qt.ShiftModifier
                    gesturePolicy: TapHandler.WithinBounds
                    onTapped: cues.call(one.modelData.cue, "bar")
                }
            }
        }
    }
}
