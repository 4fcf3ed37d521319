// Eight pads: a click brings a scene back, an empty one keeps how all controls stand, shift and click keeps it anew.
import QtQml
import QtQuick
import QtQuick.Layouts

ColumnLayout {
    id: pads
    spacing: 4
    function press(index, keep) {
        const name = "pad " + (index + 1);
        link.send(keep || !scenes.names.includes(name) ? "/musika/scene/save" : "/musika/scene/recall", [name]);
        scenes.refresh();
    }
    Instantiator {
        model: 8
        Shortcut {
            required property int index
            sequence: "" + (index + 1)
            onActivated: pads.press(index, false)
        }
    }
    Instantiator {
        model: 8
        Shortcut {
            required property int index
            sequence: "Alt+" + (index + 1)
            onActivated: pads.press(index, true)
        }
    }
    Caption { text: qsTr("scenes") }
    GridLayout {
        columns: 8
        columnSpacing: 4
        Layout.fillWidth: true
        Repeater {
            model: 8
            Button {
                id: one
                required property int index
                readonly property bool filled: scenes.names.includes("pad " + (index + 1))
                objectName: "scene " + (index + 1)
                text: "" + (index + 1)
                leftPadding: 0
                rightPadding: 0
                implicitWidth: 20
                tint: filled ? Theme.accent : Theme.raised
                ink: filled ? Theme.ground : Theme.dim
                Layout.fillWidth: true
                tip: filled ? qsTr("bring this scene back (%1); with shift: keep how all stands now").arg(index + 1)
                            : qsTr("keep how all controls stand (alt+%1)").arg(index + 1)
                learns: ({ address: "/musika/scene/recall", label: qsTr("scene %1").arg(index + 1), help: qsTr("brings this scene back"), sends: "pad " + (index + 1) })
                onClicked: pads.press(index, false)
                TapHandler {
                    acceptedModifiers: Qt.ShiftModifier
                    gesturePolicy: TapHandler.WithinBounds
                    onTapped: pads.press(one.index, true)
                }
            }
        }
    }
}
